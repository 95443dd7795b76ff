/* What a command may write: see outputs.h.  Files are compared as device and
 * inode, so that neither a link nor a longer way hides that they are one; what is
 * not there yet is its folder's device and inode, and its name. */
#include "cli/outputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	dev_t dev;
	ino_t ino;
	const char *name;	/* in that folder; "" for what is there */
};

static bool
place_of(const char *path, struct place *out)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	char *dir;
	bool ok = stat(path, &st) == 0;

	out->name = "";
	if (!ok) {
		out->name = slash == NULL ? path : slash + 1;
		dir = slash == NULL ? strdup(".") : strndup(path,
		    slash == path ? 1 : (size_t)(slash - path));
		ok = dir != NULL && stat(dir, &st) == 0;
		free(dir);
	}
	out->dev = st.st_dev;
	out->ino = st.st_ino;
	return ok;
}

static bool
same_place(const struct place *a, const struct place *b)
{
	return a->dev == b->dev && a->ino == b->ino &&
	    strcmp(a->name, b->name) == 0;
}

bool
tq_outputs_same(const char *a, const char *b)
{
	struct place pa, pb;

	return place_of(a, &pa) && place_of(b, &pb) && same_place(&pa, &pb);
}

static bool
is_stream(const struct place *p, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    same_place(p, &(struct place){ st.st_dev, st.st_ino, "" });
}

enum tq_code
tq_outputs_apart(const char *name, const char *out, const char *in,
    struct tq_err *e)
{
	struct place to, from;
	bool same;

	if (out == NULL || in == NULL || !place_of(out, &to))
		return TQ_OK;	/* writing will say why not */
	same = strcmp(in, "-") == 0 ? is_stream(&to, STDIN_FILENO) :
	    place_of(in, &from) && same_place(&to, &from);
	return !same ? TQ_OK : tq_fail(e, TQ_EINVALID, "--%s %s would "
	    "overwrite %s, which is read", name, out, in);
}

enum tq_code
tq_outputs_check(const char *name, const char *out, char **files, size_t n,
    struct tq_err *e)
{
	enum tq_code c = TQ_OK;
	struct place to;

	if (out == NULL)
		return TQ_OK;
	if (strcmp(out, "-") == 0)
		return tq_fail(e, TQ_EINVALID, "--%s -: a file is wanted, not "
		    "standard output", name);
	if (place_of(out, &to) && is_stream(&to, STDOUT_FILENO))
		return tq_fail(e, TQ_EINVALID, "--%s %s is standard output",
		    name, out);
	for (size_t i = 0; c == TQ_OK && i < n; i++)
		c = tq_outputs_apart(name, out, files[i], e);
	return c;
}
