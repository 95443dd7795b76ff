/* escape.h - text into a format, by context, where it is printed.  Input is
 * well-formed UTF-8.  Failure is the buffer's.  Any thread. */
#ifndef TQ_TEXT_ESCAPE_H
#define TQ_TEXT_ESCAPE_H

#include "base/buf.h"
#include "base/str.h"

/* HTML that is already safe to print as element content.  Only the functions
 * that make it (text/markup.h, templates) may build one. */
typedef struct tq_html { tq_str s; } tq_html;
/* An absolute http/https URL that passed tq_url_web, or a path this program
 * made by tq_url_local.  Safe as href, src or action once attribute-escaped. */
typedef struct tq_url { tq_str s; } tq_url;

/* Element content and double-quoted attribute values: & < > " ' (HTML Living
 * Standard 13.3).  U+0000 becomes U+FFFD. */
void tq_esc_html(struct tq_buf *b, tq_str s);
/* XML 1.0 character data and attribute values; characters XML forbids become
 * U+FFFD. */
void tq_esc_xml(struct tq_buf *b, tq_str s);
/* Inside a JSON string, without the quotes (RFC 8259 7); also < > & and
 * U+2028/9 as \u escapes, so that it is safe in HTML. */
void tq_esc_json(struct tq_buf *b, tq_str s);
/* A JSON string with its quotes. */
void tq_json_str(struct tq_buf *b, tq_str s);
/* One query or path component: all but RFC 3986 unreserved is %XX. */
void tq_esc_component(struct tq_buf *b, tq_str s);
/* A path: as component, "/" stays. */
void tq_esc_path(struct tq_buf *b, tq_str s);
/* One line on the operator's terminal, from a stranger: each C0, DEL and C1 is a
 * space, each bidi control "?", what is ill-formed U+FFFD, so that nothing
 * steers the terminal.  s need not be well-formed. */
void tq_esc_terminal(struct tq_buf *b, tq_str s);
/* The same for a whole JSON text: DEL, C1 and bidi controls, which JSON lets
 * stand in strings, become \u escapes; it means what it meant. */
void tq_esc_json_terminal(struct tq_buf *b, tq_str json);

#endif
