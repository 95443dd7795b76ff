/* keys.h - the installation's keys, files of 32 bytes in DATA/keys (0700).
 * "taliq init" makes them once; the server reads all but the secret half of
 * the mail key, which no code of this process opens. */
#ifndef TQ_APP_KEYS_H
#define TQ_APP_KEYS_H

#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"

struct tq_keys {
	uint8_t row[TQ_KEY_BYTES];	/* MACs of the store's rows */
	uint8_t token[TQ_KEY_BYTES];	/* form tokens, reader secrets */
	uint8_t api[TQ_KEY_BYTES];	/* hashes of clients' keys; derived
					 * from row, which stays for good */
	uint8_t mail_public[TQ_SEAL_PUBLIC_BYTES];	/* seals e-mail */
};

/* Makes DATA/keys and the files row.key, token.key, mail.public, mail.secret
 * (0600).  Files that are there stay as they are.  TQ_EIO. */
enum tq_code tq_keys_make(const char *data_dir, struct tq_err *e);
/* TQ_ENOTFOUND says that "taliq init" comes first, TQ_EINVALID a file of
 * another length. */
enum tq_code tq_keys_load(const char *data_dir, struct tq_keys *out,
    struct tq_err *e);

#endif
