/* How people, firms and deals are called in replies, in the reader's language: the
 * honorific that the member used, otherwise the title, otherwise 様; firm before person
 * in Japanese. */
#ifndef CORE_LABEL_H
#define CORE_LABEL_H

#include "bot/core/command.h"
#include "bot/store/deals.h"
#include "bot/store/people.h"

/* 田中様; `honorific` as typed just now or NULL. */
char *label_person(struct call *c, const struct person *p, const char *honorific);
/* 田中 健 部長 */
char *label_person_long(struct call *c, const struct person *p);
/* 田中 健 部長, and where no title is known 田中 健様: for lists and cards. */
char *label_person_full(struct call *c, const struct person *p);
/* 田中 健 部長 where the title is known, else 田中様. */
char *label_person_polite(struct call *c, const struct person *p, const char *honorific);
/* "田中様 (電光デジタル)", in Japanese "電光デジタル 田中様". */
char *label_person_at(struct call *c, const struct person *p, const char *honorific);
/* The same by id; "?" where the record is gone. */
char *label_person_id(struct call *c, int64_t id, const char *honorific);
/* "away until Thu 5 Mar (sick)" of somebody who is away on that civil day or from a
 * later one; NULL where nothing is noted. */
char *label_away(struct call *c, int64_t person, int32_t day);
/* 部長 (name unknown): somebody noted by a title alone. */
char *label_unnamed(struct call *c, const char *label, const char *manner);
/* 部長 with how they kept out of the talk behind it: 部長 (did not speak). */
char *label_manner(struct call *c, const char *who, const char *manner);
char *label_partner(struct call *c, int64_t id);
char *label_customer(struct call *c, int64_t id);
char *label_member(struct call *c, int64_t id);
char *label_deal(struct call *c, int64_t id); /* D12 Aoba CMS */
char *label_money(struct call *c, int64_t minor, const char *currency);
char *label_date(struct call *c, int64_t ms);
/* "≈" in front where `assumed`, in a reply's text. */
char *label_assumed(struct call *c, bool assumed, const char *text);

#endif
