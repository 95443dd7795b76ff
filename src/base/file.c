/* Files: see file.h.  errno is turned into text here and goes no further. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static enum tq_code
fail_errno(struct tq_err *e, const char *what, const char *path)
{
	int err = errno;
	enum tq_code code = err == ENOENT ? TQ_ENOTFOUND : TQ_EIO;

	return tq_fail(e, code, "cannot %s %s: %s", what, path,
	    strerror(err));
}

#define LOCK_TRIES 100	/* of 10 ms */

/* A pipe must not make us wait for its other end. */
#define READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK)

/* Reads and closes fd; path is for messages. */
static enum tq_code
read_fd(int fd, const char *path, size_t cap, struct tq_arena *a, tq_str *out,
    struct tq_err *e)
{
	enum tq_code code = TQ_OK;
	struct stat st;
	size_t n = 0;
	char *p;

	if (fstat(fd, &st) != 0) {
		code = fail_errno(e, "read", path);
		goto undo_open;
	}
	if (!S_ISREG(st.st_mode)) {
		code = tq_fail(e, TQ_EINVALID, "%s is not a file", path);
		goto undo_open;
	}
	if ((uint64_t)st.st_size > cap) {
		code = tq_fail(e, TQ_ELIMIT, "%s is larger than %zu bytes",
		    path, cap);
		goto undo_open;
	}
	p = tq_arena_alloc(a, (size_t)st.st_size + 1, 1);
	if (p == NULL) {
		code = tq_fail(e, TQ_ELIMIT, "no memory to read %s", path);
		goto undo_open;
	}
	while (n < (size_t)st.st_size) {
		ssize_t got = read(fd, p + n, (size_t)st.st_size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			code = fail_errno(e, "read", path);
			goto undo_open;
		}
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*out = (tq_str){ p, n };
undo_open:
	(void)close(fd);
	return code;
}

enum tq_code
tq_file_read(const char *path, size_t cap, struct tq_arena *a, tq_str *out,
    struct tq_err *e)
{
	int fd = open(path, READ_FLAGS);

	if (fd < 0)
		return fail_errno(e, "open", path);
	return read_fd(fd, path, cap, a, out, e);
}

/* openat2(2), which the C library does not wrap; where the kernel lacks it, no
 * link at the end of the path is followed. */
static int
open_below(int dir_fd, const char *rel)
{
	struct open_how how = { .flags = READ_FLAGS,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
	long fd = syscall(SYS_openat2, dir_fd, rel, &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS)
		return openat(dir_fd, rel, READ_FLAGS | O_NOFOLLOW);
	return (int)fd;
}

enum tq_code
tq_file_read_below(const char *dir, const char *rel, size_t cap,
    struct tq_arena *a, tq_str *out, struct tq_err *e)
{
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd, err;

	if (dir_fd < 0)
		return fail_errno(e, "open", dir);
	fd = open_below(dir_fd, rel);
	err = errno;
	(void)close(dir_fd);
	errno = err;
	if (fd < 0 && (err == EXDEV || err == ELOOP))
		return tq_fail(e, TQ_EDENIED, "%s is a link that leads out of "
		    "%.100s", rel, dir);
	if (fd < 0)
		return fail_errno(e, "open", rel);
	return read_fd(fd, rel, cap, a, out, e);
}

static bool
write_all(int fd, tq_str s)
{
	while (s.n > 0) {
		ssize_t done = write(fd, s.p, s.n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		s = tq_str_sub(s, (size_t)done, s.n);
	}
	return true;
}

/* fsync of the folder makes the rename itself durable. */
static bool
sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? strdup(".") :
	    strndup(path, slash == path ? 1 : (size_t)(slash - path));
	bool ok;
	int fd;

	if (dir == NULL)
		return false;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return false;
	ok = fsync(fd) == 0;
	(void)close(fd);
	return ok;
}

enum tq_code
tq_file_write(const char *path, tq_str data, unsigned mode, struct tq_err *e)
{
	enum tq_code code = TQ_OK;
	char *tmp = NULL;
	int fd = -1;

	if (asprintf(&tmp, "%s.new", path) < 0)
		return tq_fail(e, TQ_EIO, "no memory to write %s", path);
	fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
	if (fd < 0) {
		code = fail_errno(e, "create", tmp);
		goto undo_name;
	}
	if (!write_all(fd, data) || fsync(fd) != 0) {
		code = fail_errno(e, "write", tmp);
		(void)close(fd);
		(void)unlink(tmp);
		goto undo_name;
	}
	if (close(fd) != 0 || rename(tmp, path) != 0 || !sync_parent(path))
		code = fail_errno(e, "write", path);
undo_name:
	free(tmp);
	return code;
}

enum tq_code
tq_dir_make(const char *path, unsigned mode, struct tq_err *e)
{
	struct stat st;

	if (mkdir(path, (mode_t)mode) == 0)
		return TQ_OK;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return TQ_OK;
	return tq_fail(e, TQ_EIO, "cannot make directory %s: %s", path,
	    strerror(errno));
}

/* A process that was killed a moment ago lets go when the kernel has put it
 * away, which a restart by a supervisor does not wait for. */
static bool
lock_soon(int fd)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		(void)nanosleep(&pause, NULL);
	}
	return false;
}

enum tq_code
tq_lock_take(const char *path, int *fd_out, struct tq_err *e)
{
	char pid[32] = { 0 };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return fail_errno(e, "open", path);
	if (!lock_soon(fd)) {
		ssize_t n = read(fd, pid, sizeof(pid) - 1);

		(void)close(fd);
		return tq_fail(e, TQ_EBUSY,
		    "%s is held by process %.*s", path,
		    n > 0 ? (int)strcspn(pid, "\n") : 1, n > 0 ? pid : "?");
	}
	(void)snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) != 0 || !write_all(fd, tq_str_c(pid))) {
		enum tq_code code = fail_errno(e, "write", path);

		(void)close(fd);
		return code;
	}
	*fd_out = fd;
	return TQ_OK;
}
