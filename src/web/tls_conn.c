/* GnuTLS (3.7) reads through our pull function, exactly one record at a time:
 * first the five bytes that say how long it is, then those.  So we see where
 * records begin, and know what they can hold of requests, as the ciphers that we
 * allow all add a fixed number of bytes (RFC 8446 5.2, RFC 5246 6.2.3.3). */
#include "web/tls_conn.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "web/tls_record.h"

#define NAME_MAX_BYTES 256

/* All of it being strong, the client's order counts: he knows what his machine
 * is fast at, and for which group he has sent a key already. */
const char tq_tls_priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:"
    "+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-128-GCM:"
    "+CHACHA20-POLY1305:+AES-256-GCM:-MAC-ALL:+AEAD";

struct tq_tls_conn {
	struct tq_tls_certs *certs;
	gnutls_session_t session;
	int fd;
	struct tq_tls_side *side;
	void *owner;
	struct tq_tls_conn *next;	/* in side->waiting */
	bool waits;			/* is in it */
	bool greeted;			/* his hello is one we can answer */
	bool shaken, plain_http;
	uint64_t raw, plain;		/* bytes read, bytes of requests */
	size_t overhead;		/* of a record; 0: not known yet */
	struct tq_tls_record record;
};

struct tq_tls_conn *
tq_tls_conn_new(struct tq_tls_certs *certs)
{
	struct tq_tls_conn *t = calloc(1, sizeof(*t));

	if (t == NULL)
		tq_ref_put(&certs->ref);
	else
		t->certs = certs;
	return t;
}

static void
forget_waiting(struct tq_tls_conn *t)
{
	struct tq_tls_conn **at = &t->side->waiting;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	t->waits = false;
}

void
tq_tls_conn_free(struct tq_tls_conn *t)
{
	if (t == NULL)
		return;
	if (t->waits)
		forget_waiting(t);
	if (t->side != NULL && t->side->last == t)
		t->side->last = NULL;
	tq_ref_put(&t->certs->ref);
	free(t);
}

static void
count(struct tq_tls_conn *t, const uint8_t *p, size_t n)
{
	uint64_t data;

	if (t->shaken && t->overhead == 0)
		t->overhead = gnutls_record_overhead_size(t->session) -
		    TQ_TLS_RECORD_HEAD;
	data = tq_tls_record_walk(&t->record, p, n, t->overhead);
	t->raw += n;
	if (t->shaken)
		t->plain += data;
}

/* Somebody speaks HTTP to us where TLS is spoken: a record never begins with a
 * letter.  He is told so in his own language. */
static void
tell_plain_http(struct tq_tls_conn *t)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\n"
	    "Connection: close\r\nContent-Type: text/plain\r\n"
	    "Content-Length: 32\r\n\r\n"
	    "This port is for https:// only.\n";

	t->plain_http = true;
	(void)send(t->fd, answer, sizeof(answer) - 1,
	    MSG_NOSIGNAL | MSG_DONTWAIT);
}

static ssize_t
pull(gnutls_transport_ptr_t arg, void *out, size_t n)
{
	struct tq_tls_conn *t = arg;
	ssize_t got = recv(t->fd, out, n, MSG_DONTWAIT);
	const uint8_t *p = out;

	t->side->last = t;
	if (got > 0 && t->raw == 0 && p[0] >= 'A' && p[0] <= 'Z') {
		tell_plain_http(t);
		errno = EPROTO;
		return -1;
	}
	if (got > 0)
		count(t, p, (size_t)got);
	if (got < 0 && errno == EAGAIN && !t->shaken && !t->waits) {
		t->waits = true;
		t->next = t->side->waiting;
		t->side->waiting = t;
		errno = EAGAIN;
	}
	return got;
}

static int
on_hello(gnutls_session_t session)
{
	struct tq_tls_conn *t = gnutls_transport_get_ptr(session);

	t->greeted = true;
	return 0;
}

/* The client's Finished is the last message of a handshake that he sends, and
 * shares its record with nothing that counts. */
static int
on_finished(gnutls_session_t session, unsigned type, unsigned post,
    unsigned incoming, const gnutls_datum_t *msg)
{
	struct tq_tls_conn *t = gnutls_transport_get_ptr(session);

	(void)type;
	(void)post;
	(void)msg;
	if (incoming)
		t->shaken = true;
	return 0;
}

void
tq_tls_attach(struct tq_tls_conn *t, gnutls_session_t session, int fd,
    struct tq_tls_side *side, void *owner)
{
	t->session = session;
	t->fd = fd;
	t->side = side;
	t->owner = owner;
	gnutls_transport_set_ptr2(session, t,
	    (gnutls_transport_ptr_t)(intptr_t)fd);
	gnutls_transport_set_pull_function(session, pull);
	gnutls_handshake_set_post_client_hello_function(session, on_hello);
	gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED,
	    GNUTLS_HOOK_POST, on_finished);
}

void *
tq_tls_next_waiting(struct tq_tls_side *side)
{
	struct tq_tls_conn *t;

	while ((t = side->waiting) != NULL) {
		side->waiting = t->next;
		t->waits = false;
		if (!t->shaken)
			return t->owner;
	}
	return NULL;
}

void
tq_tls_tell_failure(struct tq_tls_side *side)
{
	struct tq_tls_conn *t = side->last;

	if (t == NULL || t->shaken || t->plain_http)
		return;
	(void)gnutls_alert_send(t->session, GNUTLS_AL_FATAL, t->greeted ?
	    GNUTLS_A_HANDSHAKE_FAILURE : GNUTLS_A_PROTOCOL_VERSION);
}

bool
tq_tls_shaken(const struct tq_tls_conn *t)
{
	return t->shaken;
}

uint64_t
tq_tls_unread(const struct tq_tls_conn *t, uint64_t raw)
{
	return raw > t->raw ? raw - t->raw : 0;
}

uint64_t
tq_tls_received(const struct tq_tls_conn *t, uint64_t raw)
{
	return t->shaken ? t->plain + tq_tls_unread(t, raw) : raw;
}

void
tq_tls_send(struct tq_tls_conn *t, tq_str bytes)
{
	if (t->shaken)
		(void)gnutls_record_send(t->session, bytes.p, bytes.n);
}

void
tq_tls_bye(struct tq_tls_conn *t)
{
	if (t->shaken)
		(void)gnutls_bye(t->session, GNUTLS_SHUT_WR);
}

int
tq_tls_choose(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
    gnutls_pcert_st **chain, unsigned *n_chain, gnutls_ocsp_data_st **ocsp,
    unsigned *n_ocsp, gnutls_privkey_t *key, unsigned *flags)
{
	const struct tq_tls_conn *t = gnutls_transport_get_ptr(session);
	const struct tq_tls_cert *c;
	char name[NAME_MAX_BYTES];
	size_t n = sizeof(name);
	unsigned type;

	(void)info;
	if (gnutls_server_name_get(session, name, &n, &type, 0) < 0 ||
	    type != GNUTLS_NAME_DNS)
		name[0] = 0;
	c = tq_tls_certs_choose(t->certs, name);
	*chain = c->chain;
	*n_chain = c->n_chain;
	*ocsp = NULL;
	*n_ocsp = 0;
	*key = c->key;
	*flags = 0;	/* they stay ours */
	return 0;
}
