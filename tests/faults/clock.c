/* The time of the day of one process, shifted by as many seconds as the first eight bytes of the file CLOCK_SHIFT say at
 * each moment. The clock that only goes forward (CLOCK_MONOTONIC) stays as it is, as when somebody sets the time of a
 * machine. Waits for a time of the day see a step as well, those that have begun within a fifth of a second: they wake up
 * for no reason, which whoever waits must bear, and wait anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *shift;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CLOCK_SHIFT");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
        void *at = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
        shift = at == MAP_FAILED ? NULL : at;
        close(file);
    }
}

static int64_t seconds(void) { return shift ? *shift : 0; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += seconds();
    return failed;
}

int timespec_get(struct timespec *now, int base) {
    return clock_gettime(CLOCK_REALTIME, now) ? 0 : base;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec found;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &found);
    now->tv_sec = found.tv_sec;
    now->tv_usec = found.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (out)
        *out = found.tv_sec;
    return found.tv_sec;
}

/* Until when to wait in truth. A time of the day is told from one of the other clock, which counts from the start of the
 * machine, by its size.
 */
static struct timespec until_then(const struct timespec *until, int *cut) {
    struct timespec now, then = *until;
    *cut = 0;
    if (then.tv_sec < 1000000000)
        return then;
    then.tv_sec -= seconds();
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    now.tv_nsec += 200000000;
    if (now.tv_nsec >= 1000000000) {
        now.tv_nsec -= 1000000000;
        now.tv_sec += 1;
    }
    *cut = then.tv_sec > now.tv_sec || (then.tv_sec == now.tv_sec && then.tv_nsec > now.tv_nsec);
    return *cut ? now : then;
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
    static int (*real)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    int cut, ended;
    struct timespec then = until_then(until, &cut);
    if (!real) /* the newer of two on x86-64 */
        real = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!real)
        real = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    ended = real(condition, mutex, &then);
    return cut && ended == ETIMEDOUT ? 0 : ended;
}

/* librdkafka waits by this one. */
int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until) {
    static int (*real)(cnd_t *, mtx_t *, const struct timespec *);
    int cut, ended;
    struct timespec then = until_then(until, &cut);
    if (!real)
        real = dlsym(RTLD_NEXT, "cnd_timedwait");
    ended = real(condition, mutex, &then);
    return cut && ended == thrd_timedout ? thrd_success : ended;
}
