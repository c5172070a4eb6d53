#include "bot/core/forget.h"

#include <jansson.h>
#include <string.h>
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/store/members.h"
#include "bot/store/people.h"
#include "bot/text/fold.h"

/* A hash of a name that tells nobody the name who has no key of this store. `firm` 0: of the
 * name alone. */
static char *name_hash(struct db *db, struct arena *mem, const char *folded, char firm_kind, int64_t firm,
    struct err *e)
{
    static const char key_name[] = "forget.key";
    enum { KEY_BYTES = 32 };
    char fresh[KEY_BYTES * 2 + 1], hash[HMAC_BASE64];
    const char *key = meta_get(db, mem, key_name, e);
    if (e->code != ERR_NONE)
        return NULL;
    if (!key) {
        random_hex(fresh, KEY_BYTES);
        key = arena_strdup(mem, fresh);
        if (!meta_set(db, key_name, key, e))
            return NULL;
    }
    char *said = firm ? arena_printf(mem, "%s/%c%lld", folded, firm_kind, (long long)firm) : arena_strdup(mem, folded);
    hmac_sha256_base64(key, said, strlen(said), hash);
    return arena_strdup(mem, hash);
}

int64_t forgotten_name(struct db *db, struct arena *mem, const char *folded, char firm_kind, int64_t firm,
    struct err *e)
{
    e->code = ERR_NONE;
    if (!forgotten_any(db, e))
        return 0;
    char *alone = name_hash(db, mem, folded, 0, 0, e), *there = alone && firm ? name_hash(db, mem, folded, firm_kind, firm, e) : NULL;
    int64_t at = alone ? forgotten_by_name(db, alone, e) : 0;
    return at || !there ? at : forgotten_by_name(db, there, e);
}

struct spellings {
    json_t *root;
    struct db *db;
    struct arena *mem;
    const struct catalogue *words;
    struct person p;
    int64_t id;
    struct err *e;
};

static void take_spelling(void *ctx, char sort, const char *text)
{
    struct spellings *s = ctx;
    const char *list = sort == 't' ? "titles" : sort == 'h' ? "handles" : "names";
    (void)json_array_append_new(json_at(s->root, list), json_string(text));
    if (sort == 't' || sort == 'h' || s->e->code != ERR_NONE)
        return;
    /* A surname, or its reading, is many people's: it counts at their firm alone. */
    bool whole = strchr(fold_text(s->mem, text, strlen(text)).s, ' ') != NULL;
    int64_t firm = s->p.partner_id ? s->p.partner_id : s->p.customer_id;
    if (!whole && !firm)
        return;
    char *hash = name_hash(s->db, s->mem, fold_name(s->mem, s->words, text), s->p.partner_id ? 'P' : 'A',
        whole ? 0 : firm, s->e);
    if (hash && !forgotten_name_add(s->db, s->id, hash, s->e))
        return;
}

bool forget_person(struct db *db, struct arena *mem, const struct catalogue *words, struct names *names,
    struct forgotten *f, int64_t now_ms, struct err *e)
{
    e->code = ERR_NONE;
    AUTO_JSON root = json_pack("{s:[], s:[], s:[]}", "names", "titles", "handles");
    struct spellings s = { .root = root, .db = db, .mem = mem, .words = words, .id = f->id, .e = e };
    if (!person_load(db, mem, f->ref, &s.p, e) && e->code != ERR_NONE)
        return false;
    if (!forget_spellings(db, f->ref, take_spelling, &s, e) || e->code != ERR_NONE ||
        !forget_record(db, f, now_ms, e))
        return false;
    f->names = json_print(mem, root);
    f->step = 1;
    f->place = 0;
    return forgotten_update(db, f, e) && names_refresh(names, db, 'C', f->ref, e);
}
