/* Files: see file.h.  errno is turned into text here and goes no further. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
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

/* --- writing -------------------------------------------------------------- */

#define NAME_TRIES 16

/* Where a file is to be written. */
struct target {
	char *path;		/* owned; no symbolic link at its end */
	const char *base;	/* its last part */
	int dir;		/* open: the folder */
	bool there;
	struct stat was;	/* of what is there */
};

static void
leave(struct target *t)
{
	if (t->dir >= 0)
		(void)close(t->dir);
	free(t->path);
}

/* What is there may be replaced: a plain file, or the one that a link leads to.
 * stat(2) comes first because the kernel refuses links that a stranger left in a
 * folder open to all (protected_symlinks), which realpath(3) would follow. */
static enum tq_code
resolve(const char *path, struct target *t, struct tq_err *e)
{
	struct stat link;

	t->there = stat(path, &t->was) == 0;
	if (!t->there && errno != ENOENT)
		return fail_errno(e, "write", path);
	if (t->there && !S_ISREG(t->was.st_mode))
		return tq_fail(e, TQ_EINVALID, "cannot write %s: it is %s",
		    path, S_ISDIR(t->was.st_mode) ? "a folder" :
		    "no plain file");
	if (!t->there && lstat(path, &link) == 0)
		return tq_fail(e, TQ_EINVALID, "cannot write %s: it is a link "
		    "to nothing", path);
	t->path = t->there ? realpath(path, NULL) : strdup(path);
	return t->path != NULL ? TQ_OK : fail_errno(e, "write", path);
}

static enum tq_code
find_target(const char *path, struct target *t, struct tq_err *e)
{
	enum tq_code code = resolve(path, t, e);
	const char *dir = ".";
	char *slash;

	if (code != TQ_OK)
		return code;
	slash = strrchr(t->path, '/');
	t->base = slash != NULL ? slash + 1 : t->path;
	if (slash == t->path)
		dir = "/";
	else if (slash != NULL)
		dir = t->path;
	if (slash != NULL)
		*slash = 0;
	t->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return t->dir >= 0 ? TQ_OK : fail_errno(e, "write", path);
}

/* A file of our own that nobody else has or can foresee; its name goes to tmp.
 * -1 and errno on failure. */
static int
create_beside(const struct target *t, unsigned mode, char tmp[static 40])
{
	int fd = -1;

	for (int i = 0; i < NAME_TRIES && fd < 0; i++) {
		uint64_t r;

		if (getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r))
			return -1;
		(void)snprintf(tmp, 40, ".taliq-%016" PRIx64 ".new", r);
		fd = openat(t->dir, tmp, O_WRONLY | O_CREAT | O_EXCL |
		    O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

/* Owner and mode of the file that is replaced; an owner that may not be given
 * away stays ours. */
static bool
look_like(int fd, const struct stat *was)
{
	if (fchown(fd, was->st_uid, was->st_gid) != 0 && errno != EPERM)
		return false;
	return fchmod(fd, was->st_mode & 0777) == 0;
}

/* A file system that cannot sync a folder says EINVAL. */
static bool
sync_dir(int dir)
{
	return fsync(dir) == 0 || errno == EINVAL;
}

static enum tq_code
replace(const char *path, const struct target *t, tq_str data, unsigned mode,
    struct tq_err *e)
{
	char tmp[40];
	int fd = create_beside(t, t->there ? 0600 : mode, tmp);
	enum tq_code code;
	bool ok;

	if (fd < 0)
		return fail_errno(e, "write", path);
	ok = write_all(fd, data) && (!t->there || look_like(fd, &t->was)) &&
	    fsync(fd) == 0;
	if (!ok) {
		code = fail_errno(e, "write", path);
		(void)close(fd);
		goto undo_create;
	}
	if (close(fd) != 0 || renameat(t->dir, tmp, t->dir, t->base) != 0) {
		code = fail_errno(e, "write", path);
		goto undo_create;
	}
	return sync_dir(t->dir) ? TQ_OK : fail_errno(e, "write", path);
undo_create:
	(void)unlinkat(t->dir, tmp, 0);
	return code;
}

enum tq_code
tq_file_write(const char *path, tq_str data, unsigned mode, struct tq_err *e)
{
	struct target t = { .dir = -1 };
	enum tq_code code = find_target(path, &t, e);

	if (code == TQ_OK)
		code = replace(path, &t, data, mode, e);
	leave(&t);
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
