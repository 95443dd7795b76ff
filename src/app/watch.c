/* Watching the articles' folders by inotify.  Events only say "look again":
 * the whole folder is then read afresh, so a lost event costs nothing but
 * time.  Sub-folders that appear later are found by adding the watches anew
 * after every change.
 *
 * What stands at the directory's own path may be another directory one day: it
 * was renamed and a new one put in its place, or the path leads over a symbolic
 * link that was turned.  No event tells of all of these, so every two seconds
 * the path is looked up, and what is watched is watched anew when it leads
 * elsewhere. */
#include "app/articles.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define QUIET_MS 200
#define LOOK_MS 2000
#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | \
	IN_CREATE | IN_ONLYDIR)

struct tq_watch {
	int notify, stop;
	char *dir;
	struct stat at;		/* what dir led to; st_ino 0: nothing */
	void (*changed)(void *ctx);
	void *ctx;
	pthread_t thread;
};

/* Whether the path leads where it led. */
static bool
is_there(const struct tq_watch *w)
{
	struct stat now;

	if (stat(w->dir, &now) != 0)
		return w->at.st_ino == 0;
	return now.st_ino == w->at.st_ino && now.st_dev == w->at.st_dev;
}

static void
add_watches(struct tq_watch *w)
{
	DIR *d;
	struct dirent *ent;

	if (stat(w->dir, &w->at) != 0)
		w->at.st_ino = 0;
	(void)inotify_add_watch(w->notify, w->dir, EVENTS);
	d = opendir(w->dir);
	while (d != NULL && (ent = readdir(d)) != NULL) {
		char path[4200];
		int n = snprintf(path, sizeof(path), "%s/%s", w->dir,
		    ent->d_name);

		if (ent->d_name[0] != '.' && n > 0 && (size_t)n < sizeof(path))
			(void)inotify_add_watch(w->notify, path, EVENTS);
	}
	if (d != NULL)
		(void)closedir(d);
}

/* The old watches end with their descriptor.  Without a new one the old stays,
 * and it is tried again at the next look. */
static bool
begin_anew(struct tq_watch *w)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return false;
	(void)close(w->notify);
	w->notify = fd;
	add_watches(w);
	return true;
}

/* Reads what is there; false at the end of watching. */
static bool
wait_for(struct tq_watch *w, int timeout_ms, bool *event)
{
	struct pollfd fds[2] = {
		{ .fd = w->notify, .events = POLLIN },
		{ .fd = w->stop, .events = POLLIN },
	};
	char buf[4096];
	int n = poll(fds, 2, timeout_ms);

	*event = false;
	if (n < 0)
		return errno == EINTR;
	if (fds[1].revents != 0)
		return false;
	if (fds[0].revents != 0)
		*event = read(w->notify, buf, sizeof(buf)) > 0;
	return true;
}

static void *
watch(void *arg)
{
	struct tq_watch *w = arg;
	bool event;

	while (wait_for(w, LOOK_MS, &event)) {
		if (!event && is_there(w))
			continue;
		if (!event) {	/* a renaming has two steps: let it end */
			if (!wait_for(w, QUIET_MS, &event))
				return NULL;
			if (begin_anew(w))
				w->changed(w->ctx);
			continue;
		}
		do {		/* until the folder is quiet */
			if (!wait_for(w, QUIET_MS, &event))
				return NULL;
		} while (event);
		add_watches(w);
		w->changed(w->ctx);
	}
	return NULL;
}

static void
free_watch(struct tq_watch *w)
{
	if (w->notify >= 0)
		(void)close(w->notify);
	if (w->stop >= 0)
		(void)close(w->stop);
	free(w->dir);
	free(w);
}

enum tq_code
tq_watch_start(const char *dir, void (*changed)(void *ctx), void *ctx,
    struct tq_watch **out, struct tq_err *e)
{
	struct tq_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory to watch %s", dir);
	w->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	w->stop = eventfd(0, EFD_CLOEXEC);
	w->dir = strdup(dir);
	w->changed = changed;
	w->ctx = ctx;
	if (w->notify < 0 || w->stop < 0 || w->dir == NULL) {
		free_watch(w);
		return tq_fail(e, TQ_EIO, "cannot watch %s: %s", dir,
		    strerror(errno));
	}
	add_watches(w);
	if (pthread_create(&w->thread, NULL, watch, w) != 0) {
		free_watch(w);
		return tq_fail(e, TQ_EIO, "cannot start a thread");
	}
	*out = w;
	return TQ_OK;
}

void
tq_watch_stop(struct tq_watch *w)
{
	const uint64_t one = 1;

	if (w == NULL)
		return;
	(void)!write(w->stop, &one, sizeof(one));
	(void)pthread_join(w->thread, NULL);
	free_watch(w);
}
