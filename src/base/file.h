/* file.h - whole files in, whole files out, and the lock that keeps a second
 * process off a directory.  Paths are NUL-terminated, given by the operator. */
#ifndef TQ_BASE_FILE_H
#define TQ_BASE_FILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* All of the file, at most cap bytes, into the arena.  TQ_ENOTFOUND when it is
 * not there, TQ_EINVALID when it is no plain file (a folder, a pipe), TQ_ELIMIT
 * when larger than cap, TQ_EIO otherwise. */
enum tq_code tq_file_read(const char *path, size_t cap, struct tq_arena *a,
    tq_str *out, struct tq_err *e);
/* The same for a file somewhere below dir: a symbolic link that leads out of dir
 * is refused (TQ_EDENIED), so that who may put files there cannot have others
 * read.  rel is relative to dir. */
enum tq_code tq_file_read_below(const char *dir, const char *rel, size_t cap,
    struct tq_arena *a, tq_str *out, struct tq_err *e);
/* Writes a new file of an unforeseeable name beside path, fsyncs, renames over
 * path, fsyncs the folder: after a crash the old or the new contents stand,
 * whole, and of two writers at once one has the last word.  A new file gets mode,
 * as in open(2); one that is replaced gives its mode and, where allowed, its
 * owner.  A symbolic link stays and the file it leads to is replaced.
 * TQ_EINVALID when path is anything but a plain file or a link to one,
 * TQ_ENOTFOUND without its folder, TQ_EIO; nothing is left behind then. */
enum tq_code tq_file_write(const char *path, tq_str data, unsigned mode,
    struct tq_err *e);
/* Makes the directory unless it is there; parents must be.  TQ_EIO. */
enum tq_code tq_dir_make(const char *path, unsigned mode, struct tq_err *e);
/* Takes an exclusive flock(2) on path (made if needed) and writes the process
 * id into it.  *fd stays open for as long as the lock is wanted; close(2) it
 * to release.  Waits about a second for another holder to let go, then
 * TQ_EBUSY names its process id. */
enum tq_code tq_lock_take(const char *path, int *fd, struct tq_err *e);

#endif
