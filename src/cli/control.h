/* control.h - the admin verbs of a running server: a Unix socket in the data
 * directory (0600), so that moderating from the command line goes through the
 * serving process, its writer and its caches.
 *
 * One exchange a connection.  Numbers are 32 bits little endian.  Request: the
 * count of arguments (1..64), then for each its length and bytes (64 KiB in
 * all).  Answer: exit status, length and bytes of the output, length and bytes
 * of the failure's text. */
#ifndef TQ_CLI_CONTROL_H
#define TQ_CLI_CONTROL_H

#include "base/buf.h"
#include "base/err.h"

struct tq_app;
struct tq_control;

/* Serves DATA/control.sock on a thread of its own.  TQ_EIO. */
enum tq_code tq_control_start(struct tq_app *app, struct tq_control **out,
    struct tq_err *e);
void tq_control_stop(struct tq_control *c);	/* NULL is fine */

/* The other side: runs argv in the server of that directory.  TQ_ENOTFOUND: no
 * server answers there.  *status is its exit status, text and failure its
 * output, in a. */
enum tq_code tq_control_ask(const char *data_dir, int argc, char **argv,
    struct tq_arena *a, int *status, tq_str *text, tq_str *failure,
    struct tq_err *e);

#endif
