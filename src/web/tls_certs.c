/* Reading what the operator gave: every way in which certificate and key can be
 * unfit is found here, with a name, before a reader meets it. */
#include "web/tls_certs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/log.h"

#define FILE_MAX ((size_t)256 * 1024)
#define CHAIN_MAX 16
#define PATH_MAX_BYTES 4096
#define DAY_S (24 * 60 * 60)

/* One file: which setting named it, where it is, what is in it. */
struct source {
	const char *setting;
	char path[PATH_MAX_BYTES];
	gnutls_datum_t text;
};

static void
end_cert(struct tq_tls_cert *c)
{
	for (unsigned i = 0; i < c->n_chain; i++)
		gnutls_pcert_deinit(&c->chain[i]);
	free(c->chain);
	if (c->key != NULL)
		gnutls_privkey_deinit(c->key);
	if (c->leaf != NULL)
		gnutls_x509_crt_deinit(c->leaf);
}

static void
end_certs(struct tq_ref *r)
{
	struct tq_tls_certs *c = (struct tq_tls_certs *)r;

	for (size_t i = 0; i < c->n; i++)
		end_cert(&c->list[i]);
	free(c);
}

static enum tq_code
unfit(const struct source *s, const char *why, struct tq_err *e)
{
	return tq_fail(e, TQ_EINVALID, "%s %s: %s", s->setting, s->path, why);
}

static enum tq_code
read_source(struct source *s, const char *dir, tq_str name,
    struct tq_arena *a, struct tq_err *e)
{
	tq_str text;
	bool whole = name.n > 0 && name.p[0] == '/';
	int n = snprintf(s->path, sizeof(s->path), "%s%s%.*s",
	    whole ? "" : dir, whole ? "" : "/", TQ_FMT(name));
	struct tq_err cause;
	enum tq_code code;

	if (name.n == 0 || n < 0 || (size_t)n >= sizeof(s->path))
		return tq_fail(e, TQ_EINVALID, "%s names no file", s->setting);
	code = tq_file_read(s->path, FILE_MAX, a, &text, &cause);
	if (code != TQ_OK)
		return tq_fail(e, code, "%s: %s", s->setting, cause.text);
	/* The library takes no const, but only reads. */
	s->text = (gnutls_datum_t){ (unsigned char *)(uintptr_t)text.p,
	    (unsigned)text.n };
	return TQ_OK;
}

/* The group may read it (ssl-cert, a deploy hook), the world may not. */
static enum tq_code
check_private(const struct source *s, struct tq_err *e)
{
	struct stat st;

	if (stat(s->path, &st) != 0)
		return tq_fail(e, TQ_EIO, "%s %s: %s", s->setting, s->path,
		    strerror(errno));
	if ((st.st_mode & S_IRWXO) != 0)
		return tq_fail(e, TQ_EDENIED, "%s %s: every user of the "
		    "machine may read it; chmod 0600 or 0640", s->setting,
		    s->path);
	return TQ_OK;
}

/* With a third of its life left, whoever renews it should have done so (that is
 * when ACME clients begin to try). */
static time_t
log_dates(const struct source *s, gnutls_x509_crt_t leaf)
{
	const time_t now = tq_wall_us(&tq_clock_system) / TQ_SECOND_US;
	time_t from = gnutls_x509_crt_get_activation_time(leaf);
	time_t to = gnutls_x509_crt_get_expiration_time(leaf);
	tq_str file = tq_str_c(s->path);

	if (from > now)
		tq_log(TQ_LOG_WARN, "certificate_not_yet_valid",
		    TQ_LOG_OPERATOR("file", TQ_OPERATOR(file)));
	if (to < now)
		tq_log(TQ_LOG_WARN, "certificate_expired",
		    TQ_LOG_OPERATOR("file", TQ_OPERATOR(file)));
	else if (to - now < (to - from) / 3)
		tq_log(TQ_LOG_WARN, "certificate_expires",
		    TQ_LOG_INT("days", (to - now) / DAY_S),
		    TQ_LOG_OPERATOR("file", TQ_OPERATOR(file)));
	else
		tq_log(TQ_LOG_INFO, "certificate_read",
		    TQ_LOG_INT("days", (to - now) / DAY_S),
		    TQ_LOG_OPERATOR("file", TQ_OPERATOR(file)));
	return to;
}

/* Turns crts into c's chain and leaf; crts are then c's or gone. */
static int
take_chain(struct tq_tls_cert *c, gnutls_x509_crt_t *crts, unsigned n)
{
	int r = GNUTLS_E_MEMORY_ERROR;

	c->chain = calloc(n, sizeof(*c->chain));
	if (c->chain != NULL) {
		unsigned put = n;

		r = gnutls_pcert_import_x509_list(c->chain, crts, &put, 0);
		c->n_chain = r < 0 ? 0 : put;
	}
	for (unsigned i = r < 0 ? 0 : 1; i < n; i++)
		gnutls_x509_crt_deinit(crts[i]);
	if (r >= 0)
		c->leaf = crts[0];
	return r;
}

static enum tq_code
read_chain(struct tq_tls_cert *c, const struct source *s, struct tq_err *e)
{
	gnutls_x509_crt_t crts[CHAIN_MAX];
	unsigned n = CHAIN_MAX;
	int r = gnutls_x509_crt_list_import(crts, &n, &s->text,
	    GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED |
	    GNUTLS_X509_CRT_LIST_SORT);

	if (r == GNUTLS_E_SHORT_MEMORY_BUFFER)
		return unfit(s, "more certificates than a chain has", e);
	if (r == 0 || r == GNUTLS_E_NO_CERTIFICATE_FOUND)
		return unfit(s, "no certificate in it (PEM is wanted)", e);
	if (r < 0)
		return unfit(s, gnutls_strerror(r), e);
	r = take_chain(c, crts, (unsigned)r);
	return r < 0 ? unfit(s, gnutls_strerror(r), e) : TQ_OK;
}

static int
key_id(gnutls_pubkey_t p, uint8_t id[static 64], size_t *n)
{
	*n = 64;
	return gnutls_pubkey_get_key_id(p, GNUTLS_KEYID_USE_SHA256, id, n);
}

static bool
belong_together(const struct tq_tls_cert *c)
{
	uint8_t of_key[64], of_leaf[64];
	size_t n_key = 0, n_leaf = 0;
	gnutls_pubkey_t key = NULL, leaf = NULL;
	bool same = gnutls_pubkey_init(&key) >= 0 &&
	    gnutls_pubkey_init(&leaf) >= 0 &&
	    gnutls_pubkey_import_privkey(key, c->key, 0, 0) >= 0 &&
	    gnutls_pubkey_import_x509(leaf, c->leaf, 0) >= 0 &&
	    key_id(key, of_key, &n_key) >= 0 &&
	    key_id(leaf, of_leaf, &n_leaf) >= 0 && n_key == n_leaf &&
	    memcmp(of_key, of_leaf, n_key) == 0;

	if (key != NULL)
		gnutls_pubkey_deinit(key);
	if (leaf != NULL)
		gnutls_pubkey_deinit(leaf);
	return same;
}

static enum tq_code
read_key(struct tq_tls_cert *c, const struct source *s, struct tq_err *e)
{
	enum tq_code code = check_private(s, e);
	int r;

	if (code != TQ_OK)
		return code;
	r = gnutls_privkey_init(&c->key);
	if (r >= 0)
		r = gnutls_privkey_import_x509_raw(c->key, &s->text,
		    GNUTLS_X509_FMT_PEM, NULL, 0);
	if (r == GNUTLS_E_DECRYPTION_FAILED)
		return unfit(s, "the key is encrypted, nobody is here to type "
		    "its password", e);
	if (r < 0)
		return unfit(s, "no private key in it (PEM is wanted)", e);
	return TQ_OK;
}

static void
wipe(struct source *s)
{
	if (s->text.size > 0)
		tq_wipe(s->text.data, s->text.size);
}

static enum tq_code
read_pair(struct tq_tls_cert *c, const struct tq_tls_files *f,
    tq_str certificate, tq_str key, struct tq_err *e)
{
	struct source cs = { .setting = "tls_certificate" };
	struct source ks = { .setting = "tls_key" };
	struct tq_arena a;
	enum tq_code code;

	tq_arena_init(&a, 4 * FILE_MAX);
	code = read_source(&cs, f->dir, certificate, &a, e);
	if (code == TQ_OK)
		code = read_chain(c, &cs, e);
	if (code == TQ_OK)
		code = read_source(&ks, f->dir, key, &a, e);
	if (code == TQ_OK)
		code = read_key(c, &ks, e);
	if (code == TQ_OK && !belong_together(c))
		code = tq_fail(e, TQ_EINVALID, "tls_key %s: not the key of "
		    "the certificate %s", ks.path, cs.path);
	if (code == TQ_OK)
		c->until_s = log_dates(&cs, c->leaf);
	wipe(&cs);	/* may be the same file: certificate and key in one */
	wipe(&ks);
	tq_arena_free(&a);
	return code;
}

enum tq_code
tq_tls_certs_read(const struct tq_tls_files *f, struct tq_tls_certs **out,
    struct tq_err *e)
{
	struct tq_tls_certs *c = calloc(1, sizeof(*c));
	tq_str certificates = f->certificates, keys = f->keys;
	enum tq_code code = TQ_OK;

	if (c == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for certificates");
	tq_ref_init(&c->ref, end_certs);
	do {
		tq_str certificate, key;

		certificates = tq_str_cut(certificates, ',', &certificate);
		keys = tq_str_cut(keys, ',', &key);
		if (c->n == TQ_TLS_CERTS_MAX)
			code = tq_fail(e, TQ_ELIMIT, "tls_certificate: more "
			    "than %d files", TQ_TLS_CERTS_MAX);
		else if ((certificates.p == NULL) != (keys.p == NULL))
			code = tq_fail(e, TQ_EINVALID, "tls_key: not as many "
			    "files as in tls_certificate");
		else
			code = read_pair(&c->list[c->n++], f,
			    tq_str_trim(certificate), tq_str_trim(key), e);
		if (code == TQ_OK && (c->until_s == 0 ||
		    c->list[c->n - 1].until_s < c->until_s))
			c->until_s = c->list[c->n - 1].until_s;
	} while (code == TQ_OK && certificates.p != NULL);
	if (code != TQ_OK) {
		tq_ref_put(&c->ref);
		return code;
	}
	*out = c;
	return TQ_OK;
}

const struct tq_tls_cert *
tq_tls_certs_choose(const struct tq_tls_certs *c, const char *name)
{
	for (size_t i = 0; name[0] != 0 && i < c->n; i++)
		if (gnutls_x509_crt_check_hostname(c->list[i].leaf, name))
			return &c->list[i];
	return &c->list[0];
}
