#include "bot/base/certificate.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static FILE *open_file(const char *path, struct err *e)
{
    FILE *f = fopen(path, "re");
    if (!f)
        (void)fail(e, ERR_USAGE, NULL, NULL, "cannot read '%.120s': %s", path, strerror(errno));
    return f;
}

static bool is_private(FILE *f, const char *path, struct err *e)
{
    struct stat st;
    if (fstat(fileno(f), &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return true;
    return fail(e, ERR_USAGE, NULL, NULL, "'%.120s' can be read by others; make it the owner's alone: chmod 600", path);
}

/* No passphrase: the program must start without anybody at a terminal. */
static int no_passphrase(char *buf, int size, int rw, void *ctx)
{
    (void)buf;
    (void)size;
    (void)rw;
    (void)ctx;
    return 0;
}

static X509 *read_certificate(const char *path, struct err *e)
{
    FILE *f = open_file(path, e);
    if (!f)
        return NULL;
    X509 *x = PEM_read_X509(f, NULL, no_passphrase, NULL);
    (void)fclose(f);
    if (!x)
        (void)fail(e, ERR_USAGE, NULL, NULL, "'%.120s' holds no certificate in PEM form", path);
    return x;
}

static EVP_PKEY *read_key(const char *path, struct err *e)
{
    FILE *f = open_file(path, e);
    EVP_PKEY *k = f && is_private(f, path, e) ? PEM_read_PrivateKey(f, NULL, no_passphrase, NULL) : NULL;
    if (f)
        (void)fclose(f);
    if (!k && e->code == ERR_NONE)
        (void)fail(e, ERR_USAGE, NULL, NULL, "'%.120s' holds no key in PEM form without a passphrase", path);
    return k;
}

bool certificate_check(const char *cert, const char *key, struct err *e)
{
    e->code = ERR_NONE;
    X509 *x = read_certificate(cert, e);
    EVP_PKEY *k = x ? read_key(key, e) : NULL;
    bool ok = k && (X509_check_private_key(x, k) == 1 ||
                       fail(e, ERR_USAGE, NULL, NULL, "the key '%.80s' is not that of the certificate '%.80s'", key, cert));
    if (ok && X509_cmp_current_time(X509_get0_notAfter(x)) < 0)
        ok = fail(e, ERR_USAGE, NULL, NULL, "the certificate '%.120s' has expired; renew it", cert);
    X509_free(x);
    EVP_PKEY_free(k);
    return ok;
}
