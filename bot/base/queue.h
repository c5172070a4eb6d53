/* A first-in first-out queue between two threads, of anything whose first member is its
 * `next` pointer. The consumer takes all that piled up at once: group commit needs no
 * timer. */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    void *head, **tail;
    bool closed;
};

void queue_init(struct queue *q);
void queue_finish(struct queue *q); /* the items left are the caller's affair */
/* False after queue_close: the item stays the caller's. */
bool queue_push(struct queue *q, void *item);
/* The whole list, or NULL at once. */
void *queue_take(struct queue *q);
/* Waits until there is something, the queue is closed or `timeout_ms` passed (-1:
 * for ever); NULL in the last two cases. */
void *queue_wait(struct queue *q, int64_t timeout_ms);
void queue_close(struct queue *q);

#endif
