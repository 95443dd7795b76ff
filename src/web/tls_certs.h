/* tls_certs.h - the certificates that the server shows, with their keys, read
 * from PEM files.  A snapshot is immutable (base/ref.h): a connection keeps the
 * one it began with, a reload makes another one for those that follow. */
#ifndef TQ_WEB_TLS_CERTS_H
#define TQ_WEB_TLS_CERTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ref.h"
#include "base/str.h"

#define TQ_TLS_CERTS_MAX 16

struct gnutls_pcert_st;
struct gnutls_privkey_st;

/* Files by comma, as many keys as certificates; dir is where a path that does
 * not begin with a slash begins.  A certificate's file holds its chain too, the
 * server's own certificate first or anywhere. */
struct tq_tls_files {
	tq_str certificates, keys;
	const char *dir;
};

struct tq_tls_cert {
	struct gnutls_pcert_st *chain;
	unsigned n_chain;
	struct gnutls_privkey_st *key;
	struct gnutls_x509_crt_int *leaf;
	int64_t until_s;	/* good until, since 1970 */
};

struct tq_tls_certs {
	struct tq_ref ref;
	int64_t until_s;	/* the first that ends */
	size_t n;
	struct tq_tls_cert list[TQ_TLS_CERTS_MAX];
};

/* *out is referenced once.  TQ_EINVALID: no file given, or what is in one cannot
 * be used; TQ_EDENIED: others on the machine may read the key; TQ_ENOTFOUND,
 * TQ_ELIMIT, TQ_EIO: a file cannot be read.  Each names the setting and the
 * file.  A certificate that is out of date is logged, and used. */
enum tq_code tq_tls_certs_read(const struct tq_tls_files *f,
    struct tq_tls_certs **out, struct tq_err *e);

/* The first one made out to that name (RFC 6125, a "*." at its beginning
 * stands for one label), without one, or with an empty name, the first. */
const struct tq_tls_cert *tq_tls_certs_choose(const struct tq_tls_certs *c,
    const char *name);

#endif
