#include "bot/base/crypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void to_hex(const unsigned char *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
}

void sha256_hex(const void *data, size_t n, char out[SHA256_HEX])
{
    unsigned char md[32];
    if (!EVP_Digest(data, n, md, NULL, EVP_sha256(), NULL))
        abort();
    to_hex(md, sizeof md, out);
}

void hmac_sha256_base64(const char *key, const void *data, size_t n, char out[HMAC_BASE64])
{
    unsigned char md[32];
    unsigned size = sizeof md;
    if (!HMAC(EVP_sha256(), key, (int)strlen(key), data, n, md, &size))
        abort();
    (void)EVP_EncodeBlock((unsigned char *)out, md, (int)sizeof md);
}

void random_bytes(void *out, size_t n)
{
    if (RAND_bytes(out, (int)n) != 1)
        abort();
}

void random_hex(char *out, size_t n)
{
    unsigned char bytes[64];
    if (n > sizeof bytes)
        abort();
    random_bytes(bytes, n);
    to_hex(bytes, n, out);
}

void base64_encode(const void *data, size_t n, char *out)
{
    if (n > INT_MAX / 2)
        abort();
    (void)EVP_EncodeBlock((unsigned char *)out, data, (int)n);
}

bool base64_decode(const char *text, unsigned char *out, size_t *n)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t len = strlen(text), pad = 0;
    while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
        pad++;
    bool plain = strspn(text, letters) == len - pad; /* OpenSSL passes spaces over */
    int got = !plain || len % 4 || len > INT_MAX ? -1 : EVP_DecodeBlock(out, (const unsigned char *)text, (int)len);
    if (got < 0)
        return false;
    *n = (size_t)got - pad;
    return true;
}

bool secret_equal(const char *a, const char *b)
{
    size_t n = strlen(a);
    return n == strlen(b) && CRYPTO_memcmp(a, b, n) == 0;
}
