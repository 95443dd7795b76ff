/* Key files: see keys.h.  A key is written whole or not at all. */
#include "app/keys.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

#define PATH_ROOM 4200

static enum tq_code
key_path(char out[PATH_ROOM], const char *data_dir, const char *name,
    struct tq_err *e)
{
	int n = snprintf(out, PATH_ROOM, "%s/keys/%s", data_dir, name);

	if (n < 0 || n >= PATH_ROOM)
		return tq_fail(e, TQ_EINVALID, "the data directory's path is "
		    "too long");
	return TQ_OK;
}

static bool
is_there(const char *data_dir, const char *name)
{
	char path[PATH_ROOM];
	struct tq_err e;

	return key_path(path, data_dir, name, &e) == TQ_OK &&
	    access(path, F_OK) == 0;
}

static enum tq_code
write_key(const char *data_dir, const char *name,
    const uint8_t key[static TQ_KEY_BYTES], struct tq_err *e)
{
	char path[PATH_ROOM];
	enum tq_code code = key_path(path, data_dir, name, e);

	if (code != TQ_OK)
		return code;
	return tq_file_write(path,
	    (tq_str){ (const char *)key, TQ_KEY_BYTES }, 0600, e);
}

static enum tq_code
make_random(const char *data_dir, const char *name, struct tq_err *e)
{
	uint8_t key[TQ_KEY_BYTES];
	enum tq_code code;

	if (is_there(data_dir, name))
		return TQ_OK;
	tq_random(key, sizeof(key));
	code = write_key(data_dir, name, key, e);
	tq_wipe(key, sizeof(key));
	return code;
}

static enum tq_code
read_key(const char *data_dir, const char *name,
    uint8_t out[static TQ_KEY_BYTES], struct tq_err *e)
{
	char path[PATH_ROOM];
	struct tq_arena a;
	tq_str bytes = { NULL, 0 };
	enum tq_code code = key_path(path, data_dir, name, e);

	if (code != TQ_OK)
		return code;
	tq_arena_init(&a, 4096);
	code = tq_file_read(path, 1024, &a, &bytes, e);
	if (code == TQ_ENOTFOUND)
		(void)tq_fail(e, code, "%s is missing; run \"taliq init "
		    "--data DIR\" first", path);
	else if (code == TQ_OK && bytes.n != TQ_KEY_BYTES)
		code = tq_fail(e, TQ_EINVALID, "%s has %zu bytes, not %d",
		    path, bytes.n, TQ_KEY_BYTES);
	else if (code == TQ_OK)
		memcpy(out, bytes.p, TQ_KEY_BYTES);
	tq_arena_free(&a);
	return code;
}

/* A secret that is there stays: addresses are sealed to it already. */
static enum tq_code
make_mail_pair(const char *data_dir, struct tq_err *e)
{
	uint8_t pk[TQ_SEAL_PUBLIC_BYTES], sk[TQ_SEAL_SECRET_BYTES];
	enum tq_code code;

	if (is_there(data_dir, "mail.public"))
		return TQ_OK;
	if (is_there(data_dir, "mail.secret")) {
		code = read_key(data_dir, "mail.secret", sk, e);
		if (code == TQ_OK)
			tq_seal_public(sk, pk);
	} else {
		/* The secret half first: a public key whose secret was never
		 * written would seal addresses that nobody can open. */
		tq_seal_keypair(pk, sk);
		code = write_key(data_dir, "mail.secret", sk, e);
	}
	tq_wipe(sk, sizeof(sk));
	if (code == TQ_OK)
		code = write_key(data_dir, "mail.public", pk, e);
	return code;
}

enum tq_code
tq_keys_make(const char *data_dir, struct tq_err *e)
{
	char path[PATH_ROOM];
	enum tq_code code = key_path(path, data_dir, "", e);

	if (code == TQ_OK)
		code = tq_dir_make(path, 0700, e);
	if (code == TQ_OK)
		code = make_random(data_dir, "row.key", e);
	if (code == TQ_OK)
		code = make_random(data_dir, "token.key", e);
	if (code == TQ_OK)
		code = make_mail_pair(data_dir, e);
	return code;
}

enum tq_code
tq_keys_load(const char *data_dir, struct tq_keys *out, struct tq_err *e)
{
	const tq_str purpose = TQ_S("taliq: keys of clients");
	enum tq_code code = read_key(data_dir, "row.key", out->row, e);

	if (code == TQ_OK)
		tq_mac(out->api, sizeof(out->api), out->row, &purpose, 1);

	if (code == TQ_OK)
		code = read_key(data_dir, "token.key", out->token, e);
	if (code == TQ_OK)
		code = read_key(data_dir, "mail.public", out->mail_public, e);
	return code;
}
