/* tls_conn.h - one connection's TLS, beside the library that drives it.
 *
 * libmicrohttpd owns the GnuTLS session: it shakes hands, reads, writes and ends
 * it.  This is what it leaves out: how many bytes of requests have come (the
 * time-outs, the drain and the trim ask for that), which handshakes wait for
 * their clients, a refusal that is no byte between two records, an alert that
 * says why a handshake failed.  One thread. */
#ifndef TQ_WEB_TLS_CONN_H
#define TQ_WEB_TLS_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "base/str.h"
#include "web/tls_certs.h"

struct tq_tls_conn;

/* Of one engine. */
struct tq_tls_side {
	struct tq_tls_conn *waiting;	/* handshakes that wait, newest first */
	struct tq_tls_conn *last;	/* that has read, or NULL */
};

/* TLS 1.3 and 1.2, key agreement with forward secrecy, authenticated ciphers
 * of at least 128 bits; as a GnuTLS priority string. */
extern const char tq_tls_priorities[];

/* Takes over the reference to certs, on failure (NULL, no memory) too. */
struct tq_tls_conn *tq_tls_conn_new(struct tq_tls_certs *certs);
/* The session may be gone already.  NULL is fine. */
void tq_tls_conn_free(struct tq_tls_conn *t);
/* From now on the session reads through t; owner is for who asks. */
void tq_tls_attach(struct tq_tls_conn *t, gnutls_session_t session, int fd,
    struct tq_tls_side *side, void *owner);

/* The next handshake that waits for its client, with its owner; NULL: none. */
void *tq_tls_next_waiting(struct tq_tls_side *side);
/* The handshake that read last has failed: tells the client why, if it was TLS
 * that he spoke. */
void tq_tls_tell_failure(struct tq_tls_side *side);

bool tq_tls_shaken(const struct tq_tls_conn *t);	/* hands */
/* Bytes of requests so far, when the kernel has received raw of them all.  The
 * handshake counts as one that is not whole; so does, for as long as the
 * connection lives, what a client pads his records with. */
uint64_t tq_tls_received(const struct tq_tls_conn *t, uint64_t raw);
/* Bytes that wait in the kernel. */
uint64_t tq_tls_unread(const struct tq_tls_conn *t, uint64_t raw);
/* As far as the kernel takes it at once; nothing during a handshake.  Only
 * where no byte of another answer is on its way. */
void tq_tls_send(struct tq_tls_conn *t, tq_str bytes);
/* Nothing will follow: TLS's own word for that, and no more writing. */
void tq_tls_bye(struct tq_tls_conn *t);

/* GnuTLS asks which certificate to show (gnutls_certificate_retrieve_function3
 * of a session that was attached). */
int tq_tls_choose(gnutls_session_t session,
    const struct gnutls_cert_retr_st *info, gnutls_pcert_st **chain,
    unsigned *n_chain, gnutls_ocsp_data_st **ocsp, unsigned *n_ocsp,
    gnutls_privkey_t *key, unsigned *flags);

#endif
