/* The control socket, both sides: see control.h.  One request at a time: its
 * users are people at a keyboard. */
#include "cli/control.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/app.h"
#include "cli/cli.h"

#define ARGS_MAX 64
#define REQUEST_MAX ((uint32_t)64 * 1024)
#define ANSWER_MAX ((uint32_t)64 * 1024 * 1024)

struct tq_control {
	struct tq_app *app;
	int listening, stop;
	pthread_t thread;
	struct sockaddr_un addr;
};

static enum tq_code
address(struct sockaddr_un *out, const char *data_dir, struct tq_err *e)
{
	int n;

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	n = snprintf(out->sun_path, sizeof(out->sun_path), "%s/control.sock",
	    data_dir);
	if (n < 0 || (size_t)n >= sizeof(out->sun_path))
		return tq_fail(e, TQ_EINVALID, "the path of %.100s is too "
		    "long for a socket", data_dir);
	return TQ_OK;
}

static bool
read_all(int fd, void *out, size_t n)
{
	char *p = out;

	while (n > 0) {
		ssize_t got = recv(fd, p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
write_all(int fd, const void *in, size_t n)
{
	const char *p = in;

	while (n > 0) {
		ssize_t done = send(fd, p, n, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static bool
read_u32(int fd, uint32_t *out)
{
	uint8_t b[4];

	if (!read_all(fd, b, sizeof(b)))
		return false;
	*out = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	    (uint32_t)b[3] << 24;
	return true;
}

static bool
write_u32(int fd, size_t v)
{
	const uint8_t b[4] = {
		(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
		(uint8_t)(v >> 24),
	};

	return write_all(fd, b, sizeof(b));
}

static bool
write_text(int fd, tq_str s)
{
	return write_u32(fd, s.n) && write_all(fd, s.p, s.n);
}

/* Reads a text of at most *room bytes into the arena, NUL-terminated. */
static char *
read_text(int fd, struct tq_arena *a, uint32_t *room, uint32_t *n)
{
	char *p;

	if (!read_u32(fd, n) || *n > *room)
		return NULL;
	*room -= *n;
	p = tq_arena_alloc(a, (size_t)*n + 1, 1);
	return p != NULL && read_all(fd, p, *n) ? p : NULL;
}

static int
run(struct tq_app *app, int argc, char **argv, struct tq_buf *out,
    struct tq_err *e)
{
	const struct tq_admin *admin = tq_admin_find(argv[0]);

	if (admin == NULL) {
		(void)tq_fail(e, TQ_EINVALID, "no such admin verb");
		return TQ_EXIT_USAGE;
	}
	return tq_cli_status(admin->run(app, argc, argv, out, e));
}

static void
serve_one(struct tq_control *c, int fd)
{
	const struct timeval patience = { .tv_sec = 5 };
	struct tq_arena a;
	struct tq_buf out;
	struct tq_err e = { .code = TQ_OK };
	char *argv[ARGS_MAX + 1] = { NULL };
	uint32_t argc = 0, room = REQUEST_MAX, n;
	int status;

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
	    sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
	    sizeof(patience));
	tq_arena_init(&a, (size_t)ANSWER_MAX * 2);
	if (!read_u32(fd, &argc) || argc == 0 || argc > ARGS_MAX)
		goto undo_arena;
	for (uint32_t i = 0; i < argc; i++) {
		argv[i] = read_text(fd, &a, &room, &n);
		if (argv[i] == NULL)
			goto undo_arena;
	}
	tq_buf_init(&out, &a, 4096);
	status = run(c->app, (int)argc, argv, &out, &e);
	if (!tq_buf_ok(&out)) {
		(void)tq_fail(&e, TQ_ELIMIT, "the answer is too large");
		status = TQ_EXIT_FAIL;
	}
	(void)(write_u32(fd, (size_t)status) &&
	    write_text(fd, tq_buf_str(&out)) &&
	    write_text(fd, status == TQ_EXIT_GOOD ? (tq_str){ NULL, 0 } :
	    tq_str_c(e.text)));
undo_arena:
	tq_arena_free(&a);
}

static void *
serve(void *arg)
{
	struct tq_control *c = arg;
	struct pollfd fds[2] = {
		{ .fd = c->listening, .events = POLLIN },
		{ .fd = c->stop, .events = POLLIN },
	};

	for (;;) {
		int fd;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[1].revents != 0)
			return NULL;
		if (fds[0].revents == 0)
			continue;
		fd = accept4(c->listening, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0) {
			serve_one(c, fd);
			(void)close(fd);
		}
	}
}

static void
free_control(struct tq_control *c)
{
	if (c->listening >= 0)
		(void)close(c->listening);
	if (c->stop >= 0)
		(void)close(c->stop);
	free(c);
}

/* The directory's lock is ours, so a socket that lies there is a dead one. */
static bool
listen_there(struct tq_control *c)
{
	mode_t old;
	bool ok;

	(void)unlink(c->addr.sun_path);
	c->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->listening < 0)
		return false;
	old = umask(0177);
	ok = bind(c->listening, (const struct sockaddr *)&c->addr,
	    sizeof(c->addr)) == 0 && listen(c->listening, 16) == 0;
	(void)umask(old);
	return ok;
}

enum tq_code
tq_control_start(struct tq_app *app, struct tq_control **out,
    struct tq_err *e)
{
	struct tq_control *c = calloc(1, sizeof(*c));
	enum tq_code code;

	if (c == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory");
	c->app = app;
	c->listening = -1;
	c->stop = eventfd(0, EFD_CLOEXEC);
	code = address(&c->addr, app->data_dir, e);
	if (code == TQ_OK && (c->stop < 0 || !listen_there(c) ||
	    pthread_create(&c->thread, NULL, serve, c) != 0))
		code = tq_fail(e, TQ_EIO, "cannot serve %s: %s",
		    c->addr.sun_path, strerror(errno));
	if (code != TQ_OK) {
		free_control(c);
		return code;
	}
	*out = c;
	return TQ_OK;
}

void
tq_control_stop(struct tq_control *c)
{
	const uint64_t one = 1;

	if (c == NULL)
		return;
	(void)!write(c->stop, &one, sizeof(one));
	(void)pthread_join(c->thread, NULL);
	(void)unlink(c->addr.sun_path);
	free_control(c);
}

static bool
exchange(int fd, int argc, char **argv, struct tq_arena *a, int *status,
    tq_str *text, tq_str *failure)
{
	uint32_t room = ANSWER_MAX, n, code;
	char *p;

	if (!write_u32(fd, (size_t)argc))
		return false;
	for (int i = 0; i < argc; i++)
		if (!write_text(fd, tq_str_c(argv[i])))
			return false;
	if (!read_u32(fd, &code) || (p = read_text(fd, a, &room, &n)) == NULL)
		return false;
	*status = (int)code;
	*text = (tq_str){ p, n };
	if ((p = read_text(fd, a, &room, &n)) == NULL)
		return false;
	*failure = (tq_str){ p, n };
	return true;
}

enum tq_code
tq_control_ask(const char *data_dir, int argc, char **argv,
    struct tq_arena *a, int *status, tq_str *text, tq_str *failure,
    struct tq_err *e)
{
	struct sockaddr_un addr;
	enum tq_code code = address(&addr, data_dir, e);
	int fd;

	if (code != TQ_OK)
		return code;
	if (argc > ARGS_MAX)
		return tq_fail(e, TQ_EINVALID, "more than %d arguments",
		    ARGS_MAX);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return tq_fail(e, TQ_EIO, "no socket: %s", strerror(errno));
	if (connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0)
		code = errno == ENOENT || errno == ECONNREFUSED ?
		    tq_fail(e, TQ_ENOTFOUND, "no server runs in %.150s",
		    data_dir) : tq_fail(e, TQ_EIO, "cannot reach the server "
		    "in %.150s: %s", data_dir, strerror(errno));
	else if (!exchange(fd, argc, argv, a, status, text, failure))
		code = tq_fail(e, TQ_EIO, "the server in %.150s broke off",
		    data_dir);
	(void)close(fd);
	return code;
}
