/* err.h - how things fail.  The code is for the program, the text for people.
 * The caller passes the struct; nothing is kept between calls. */
#ifndef TQ_BASE_ERR_H
#define TQ_BASE_ERR_H

enum tq_code {
	TQ_OK = 0,
	TQ_EINVALID,	/* the caller's input is malformed */
	TQ_ENOTFOUND,
	TQ_ECONFLICT,	/* already there, or changed meanwhile */
	TQ_EDENIED,
	TQ_ELIMIT,	/* too big, too many, too fast */
	TQ_EBUSY,	/* try again: lock, connection, deadlock */
	TQ_EIO,		/* store, network or OS failed */
	TQ_EBUG		/* an invariant did not hold */
};

struct tq_err {
	enum tq_code code;
	char text[232];	/* one line, no newline, never a secret */
};

/* Records and returns code, so that a failing path is one statement. */
__attribute__((format(printf, 3, 4)))
enum tq_code tq_fail(struct tq_err *e, enum tq_code code, const char *fmt, ...);
/* Stable word for logs and JSON ("invalid", "io"); static. */
const char *tq_code_name(enum tq_code code);

#endif
