<?php
/**
 * Plugin Name: taliq for Akismet
 * Description: Sends Akismet's calls to your own taliq server, and nothing to anybody else.
 * Version: 1.0
 * Requires PHP: 7.2
 * License: ISC
 *
 * A must-use plugin of one file:
 *
 *   1. Copy this file to wp-content/mu-plugins/ (make the folder if there is none).
 *   2. Name the server in wp-config.php, above the line "stop editing":
 *
 *          define( 'TALIQ_AKISMET_URL', 'https://comments.example.org' );
 *
 *   3. Activate Akismet and give it a key made by "taliq key add".
 *
 * What it does:
 *
 *   - Each request for rest.akismet.com or a name below it, whoever makes it, goes
 *     to the same path of that server. Without a usable constant it goes nowhere:
 *     comments then wait for a moderator, and an administrator is told why.
 *   - Pages of the administration no longer make the browser call Akismet: link
 *     previews are off, the statistics are a page of this site.
 *
 * Plain http is accepted for this machine and private networks only. Read on in
 * docs/akismet.md of taliq.
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const TALIQ_AKISMET_HOST    = 'rest.akismet.com';
const TALIQ_AKISMET_SECONDS = 5;
const TALIQ_AKISMET_OPTION  = 'taliq_akismet_problem';
const TALIQ_AKISMET_KNOWN   = 'taliq_akismet_key';

add_filter( 'pre_http_request', 'taliq_akismet_send', 10, 3 );
add_filter( 'akismet_enable_mshots', '__return_false' );
add_filter( 'clean_url', 'taliq_akismet_frame', 10, 2 );
add_action( 'admin_init', 'taliq_akismet_only_own_frames' );
add_action( 'wp_ajax_taliq_akismet_stats', 'taliq_akismet_stats' );
add_action( 'wp_ajax_taliq_akismet_snapshot', 'taliq_akismet_snapshot' );
add_action( 'admin_notices', 'taliq_akismet_notices' );

/* --- where the calls go --------------------------------------------------- */

/**
 * What is wrong with the constant, or an empty string.
 */
function taliq_akismet_fault() {
	if ( ! defined( 'TALIQ_AKISMET_URL' ) ) {
		return 'TALIQ_AKISMET_URL is not defined.';
	}
	$url  = TALIQ_AKISMET_URL;
	$part = is_string( $url ) ? wp_parse_url( $url ) : false;
	if ( ! is_array( $part ) || empty( $part['scheme'] ) || empty( $part['host'] ) ) {
		return 'TALIQ_AKISMET_URL is not an address like https://comments.example.org.';
	}
	if ( isset( $part['user'] ) || isset( $part['query'] ) || isset( $part['fragment'] ) ) {
		return 'TALIQ_AKISMET_URL may hold a host, a port and a path, no more.';
	}
	if ( taliq_akismet_is_theirs( $part['host'] ) ) {
		return 'TALIQ_AKISMET_URL names Akismet\'s server, not yours.';
	}
	if ( 'https' === $part['scheme'] ) {
		return '';
	}
	if ( 'http' === $part['scheme'] && taliq_akismet_is_near( $part['host'] ) ) {
		return '';
	}
	return 'TALIQ_AKISMET_URL must begin with https:// (http:// only for this machine or a '
		. 'private network).';
}

/**
 * Whether a name belongs to Akismet.
 */
function taliq_akismet_is_theirs( $host ) {
	return (bool) preg_match( '/(^|\.)akismet\.com\.?$/i', $host );
}

/**
 * Whether a host is this machine or in a private network, as far as its name tells.
 */
function taliq_akismet_is_near( $host ) {
	$host = strtolower( trim( $host, '[]' ) );
	if ( filter_var( $host, FILTER_VALIDATE_IP ) ) {
		$public = FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE;
		return ! filter_var( $host, FILTER_VALIDATE_IP, $public );
	}
	return false === strpos( $host, '.' ) || '.localhost' === substr( $host, -10 );
}

/**
 * The host a request is meant for, without a port and a dot at its end. Akismet's
 * test of connectivity calls an address by number and names the host in a header.
 */
function taliq_akismet_meant_host( $url, $args ) {
	$headers = is_array( $args['headers'] ?? null ) ? $args['headers'] : array();
	$headers = array_change_key_case( $headers );
	$named   = $headers['host'] ?? null;
	if ( is_string( $named ) ) {
		$named = preg_replace( '/:\d*$/', '', trim( $named ) );
		if ( taliq_akismet_is_theirs( $named ) ) {
			return rtrim( strtolower( $named ), '.' );
		}
	}
	return rtrim( strtolower( (string) wp_parse_url( $url, PHP_URL_HOST ) ), '.' );
}

/**
 * The filter: an answer of the taliq server for what was meant for Akismet, an
 * error when there is none, and what came in for everybody else.
 */
function taliq_akismet_send( $answer, $args, $url ) {
	static $down = null;

	// A key may be the first label; whatever else is below the name is theirs, too.
	$pattern = '/^(?:([^.]+)\.(?:.+\.)?)?' . preg_quote( TALIQ_AKISMET_HOST, '/' ) . '$/';
	$host    = taliq_akismet_meant_host( $url, $args );
	if ( false !== $answer || ! preg_match( $pattern, $host, $found ) ) {
		return $answer;
	}
	$fault = taliq_akismet_fault();
	if ( '' !== $fault ) {
		return new WP_Error( 'taliq_akismet', $fault );
	}
	// Akismet tries three times; whoever wrote the comment need not wait for that.
	if ( null !== $down ) {
		return $down;
	}
	$args   = taliq_akismet_args( $args, $found[1] ?? '' );
	$answer = wp_remote_request( taliq_akismet_target( $url ), $args );
	taliq_akismet_note( $answer );
	if ( is_wp_error( $answer ) ) {
		$down = $answer;
	}
	return $answer;
}

/**
 * The same path and query at the taliq server.
 */
function taliq_akismet_target( $url ) {
	$query = wp_parse_url( $url, PHP_URL_QUERY );
	return untrailingslashit( TALIQ_AKISMET_URL ) . wp_parse_url( $url, PHP_URL_PATH )
		. ( null === $query ? '' : '?' . $query );
}

/**
 * The arguments of a request, for that server. A key that stood in the host's
 * name moves into the body.
 */
function taliq_akismet_args( $args, $key ) {
	if ( is_array( $args['headers'] ?? null ) ) {
		foreach ( array_keys( $args['headers'] ) as $name ) {
			if ( 'host' === strtolower( $name ) ) {
				unset( $args['headers'][ $name ] );
			}
		}
	}
	if ( '' !== $key ) {
		$body = $args['body'] ?? '';
		if ( is_array( $body ) ) {
			$args['body'] = $body + array( 'api_key' => $key );
		} elseif ( ! preg_match( '/(?:^|&)(?:api_)?key=./', (string) $body ) ) {
			$args['body'] = ltrim( $body . '&api_key=' . rawurlencode( $key ), '&' );
		}
	}
	// A redirect is a mistake of configuration, and would turn a POST into a GET.
	return array_merge(
		$args,
		array(
			'timeout'            => TALIQ_AKISMET_SECONDS,
			'redirection'        => 0,
			'sslverify'          => true,
			'reject_unsafe_urls' => false,
		)
	);
}

/**
 * Remembers what went wrong for the administrator's eyes, until something goes
 * right. A failing server is written down once a minute at most.
 */
function taliq_akismet_note( $answer ) {
	$known  = get_option( TALIQ_AKISMET_OPTION );
	$status = (int) wp_remote_retrieve_response_code( $answer );
	$text   = '';
	if ( is_wp_error( $answer ) ) {
		$text = $answer->get_error_message();
	} elseif ( 200 !== $status ) {
		$text = 'it answered with the status ' . $status;
	}
	if ( '' === $text ) {
		if ( false !== $known ) {
			delete_option( TALIQ_AKISMET_OPTION );
		}
		return;
	}
	$is_new = ! is_array( $known ) || $known['text'] !== $text;
	if ( $is_new || $known['time'] < time() - 60 ) {
		$now = array(
			'text' => $text,
			'time' => time(),
		);
		update_option( TALIQ_AKISMET_OPTION, $now );
	}
}

/* --- what the browser would fetch from Akismet ---------------------------- */

/**
 * Akismet prints its statistics as frames of tools.akismet.com, with the key or a
 * token in the address. Every version passes that address through esc_url().
 */
function taliq_akismet_frame( $url, $original ) {
	if ( ! preg_match( '#^(?:https?:)?//tools\.akismet\.com/([^?]*)#i', $original, $found ) ) {
		return $url;
	}
	$what = false === strpos( $found[1], 'snapshot' ) ? 'stats' : 'snapshot';
	return admin_url( 'admin-ajax.php?action=taliq_akismet_' . $what );
}

/**
 * Should a later version print a frame in another way, the browser does not load it.
 */
function taliq_akismet_only_own_frames() {
	// phpcs:ignore WordPress.Security.NonceVerification -- reads the page's name only.
	$page = isset( $_GET['page'] ) && is_string( $_GET['page'] ) ? $_GET['page'] : '';
	if ( 0 === strpos( $page, 'akismet' ) && ! headers_sent() ) {
		header( "Content-Security-Policy: frame-src 'self'", false );
	}
}

/**
 * The figures of get-stats, or null.
 */
function taliq_akismet_figures( $from ) {
	$key = class_exists( 'Akismet' ) ? Akismet::get_api_key() : '';
	if ( ! $key ) {
		return null;
	}
	$answer = wp_remote_post(
		'https://' . TALIQ_AKISMET_HOST . '/1.1/get-stats',
		array(
			'body' => array(
				'key'  => $key,
				'blog' => get_option( 'home' ),
				'from' => $from,
			),
		)
	);
	$said = json_decode( wp_remote_retrieve_body( $answer ), true );
	return is_array( $said ) && isset( $said['spam'] ) ? $said : null;
}

/**
 * One line of the tables: the period and its four counts.
 */
function taliq_akismet_line( $name, $of ) {
	$line = '<tr><th scope="row">' . esc_html( $name ) . '</th>';
	foreach ( array( 'spam', 'ham', 'missed_spam', 'false_positives' ) as $what ) {
		$count = number_format_i18n( (int) ( $of[ $what ] ?? 0 ) );
		$line .= '<td>' . esc_html( $count ) . '</td>';
	}
	return $line . '</tr>';
}

/**
 * A table of such lines.
 */
function taliq_akismet_table( $title, $lines ) {
	echo '<table><caption>' . esc_html( $title ) . '</caption><thead><tr><th></th>'
		. '<th scope="col">Spam</th><th scope="col">Good</th>'
		. '<th scope="col">Spam that was missed</th><th scope="col">Good that was held</th>'
		. '</tr></thead><tbody>' . $lines . '</tbody></table>';
}

/**
 * Begins a page for a frame; ends the request for who may not see it.
 */
function taliq_akismet_begin_page() {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( '', '', array( 'response' => 403 ) );
	}
	header( 'Content-Type: text/html; charset=utf-8' );
	header(
		"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
		. "frame-ancestors 'self'"
	);
	echo '<!DOCTYPE html><html ';
	language_attributes();
	echo '><head><meta charset="utf-8"><title>Spam statistics</title><style>
		body { font: 14px/1.5 system-ui, sans-serif; color: #1d2327; margin: 1rem }
		table { border-collapse: collapse; margin-block-end: 1.5rem; width: 100%;
			max-width: 50rem }
		caption { text-align: start; font-weight: 600; padding-block: .4rem }
		th, td { border-block-end: 1px solid #dcdcde; padding: .3rem .6rem;
			text-align: end; font-variant-numeric: tabular-nums }
		th:first-child { text-align: start }
		</style></head><body>';
}

/**
 * The large frame: three spans of time, and the periods of each.
 */
function taliq_akismet_stats() {
	taliq_akismet_begin_page();
	$spans = array(
		'60-days'  => 'Last 60 days',
		'6-months' => 'Last 6 months',
		'all'      => 'All time',
	);
	foreach ( $spans as $from => $title ) {
		$of = taliq_akismet_figures( $from );
		if ( null === $of ) {
			echo '<p role="alert">The taliq server gives no figures now.</p>';
			break;
		}
		$lines = '';
		foreach ( (array) ( $of['breakdown'] ?? array() ) as $period => $counts ) {
			$lines .= taliq_akismet_line( $period, (array) $counts );
		}
		taliq_akismet_table( $title, $lines . taliq_akismet_line( 'Together', $of ) );
	}
	echo '</body></html>';
	exit;
}

/**
 * The small one, on the settings page of old versions.
 */
function taliq_akismet_snapshot() {
	taliq_akismet_begin_page();
	$of = taliq_akismet_figures( '6-months' );
	if ( null === $of ) {
		echo '<p role="alert">The taliq server gives no figures now.</p>';
	} else {
		taliq_akismet_table( 'Last 6 months', taliq_akismet_line( 'Together', $of ) );
	}
	echo '</body></html>';
	exit;
}

/* --- what the administrator is told --------------------------------------- */

/**
 * One notice above a page of the administration.
 */
function taliq_akismet_notice( $kind, $text, $code = '' ) {
	echo '<div class="notice notice-' . esc_attr( $kind ) . '">'
		. '<p><strong>taliq for Akismet:</strong> ' . esc_html( $text ) . '</p>';
	if ( '' !== $code ) {
		echo '<p><code>' . esc_html( $code ) . '</code></p>';
	}
	echo '</div>';
}

/**
 * What the server says of Akismet's key: "valid", "invalid", "none" when there is
 * no key, or an empty string when it does not say. Known for five minutes, or for
 * one when it is not good, so that looking again is no series of wrong keys.
 */
function taliq_akismet_key_is() {
	$key = (string) Akismet::get_api_key();
	if ( '' === $key ) {
		return 'none';
	}
	$which = wp_hash( TALIQ_AKISMET_URL . ' ' . $key );
	$known = get_transient( TALIQ_AKISMET_KNOWN );
	if ( is_array( $known ) && $known['which'] === $which ) {
		return $known['said'];
	}
	$answer = wp_remote_post(
		'https://' . TALIQ_AKISMET_HOST . '/1.1/verify-key',
		array(
			'body' => array(
				'key'  => $key,
				'blog' => get_option( 'home' ),
			),
		)
	);
	$said   = wp_remote_retrieve_body( $answer );
	if ( 'valid' !== $said && 'invalid' !== $said ) {
		return '';
	}
	$known = array(
		'which' => $which,
		'said'  => $said,
	);
	set_transient( TALIQ_AKISMET_KNOWN, $known, 'valid' === $said ? 300 : 60 );
	return $said;
}

/**
 * Whether the server answers and knows the key, asked on Akismet's own page only.
 */
function taliq_akismet_try() {
	$answer = wp_remote_get( 'https://' . TALIQ_AKISMET_HOST . '/1.1/test' );
	$server = TALIQ_AKISMET_URL;
	if ( is_wp_error( $answer ) || 'connected' !== wp_remote_retrieve_body( $answer ) ) {
		if ( false === get_option( TALIQ_AKISMET_OPTION ) ) {
			$what = "what answers at $server is no taliq server.";
			taliq_akismet_notice( 'error', $what );
		}
		return;
	}
	$said = taliq_akismet_key_is();
	if ( 'valid' === $said ) {
		taliq_akismet_notice( 'success', "$server checks the comments, and answers." );
	} elseif ( 'invalid' === $said ) {
		taliq_akismet_notice(
			'error',
			"$server answers, but Akismet's key is not good there: it was revoked, "
				. 'or is of another server. No comment is checked; new comments '
				. 'wait for you. Make a key with "taliq key add" or "taliq key '
				. 'rotate" and enter it here.'
		);
	} elseif ( 'none' === $said ) {
		taliq_akismet_notice(
			'warning',
			"$server answers, but Akismet has no key yet, so no comment is "
				. 'checked. Enter one that "taliq key add" made.'
		);
	} elseif ( false === get_option( TALIQ_AKISMET_OPTION ) ) {
		taliq_akismet_notice( 'error', "$server answers, but not about Akismet's key." );
	}
}

/**
 * All notices, for those who can do something about them.
 */
function taliq_akismet_notices() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$fault = taliq_akismet_fault();
	if ( '' !== $fault ) {
		taliq_akismet_notice(
			'error',
			$fault . ' No comment is checked, nothing is sent to Akismet; '
				. ( class_exists( 'Akismet' ) ? 'new comments wait for you.'
					: 'none is held: the plugin Akismet is not active.' )
				. ' Put this into wp-config.php:',
			"define( 'TALIQ_AKISMET_URL', 'https://comments.example.org' );"
		);
		return;
	}
	if ( ! class_exists( 'Akismet' ) ) {
		taliq_akismet_notice(
			'warning',
			'the plugin Akismet is not active, so no comment is checked. Activate it '
				. 'on the page Plugins.'
		);
		return;
	}
	$screen = get_current_screen();
	if ( null !== $screen && false !== strpos( $screen->id, 'akismet' ) ) {
		taliq_akismet_try();
	}
	$problem = get_option( TALIQ_AKISMET_OPTION );
	if ( is_array( $problem ) ) {
		taliq_akismet_notice(
			'error',
			sprintf(
				'%s could not be asked at %s (UTC): %s. Comments that cannot be '
					. 'checked wait for you.',
				TALIQ_AKISMET_URL,
				gmdate( 'Y-m-d H:i', (int) $problem['time'] ),
				rtrim( $problem['text'], '.' )
			)
		);
	}
}
