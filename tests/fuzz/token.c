/* What a scanner types: refused with a word, or whole; and nothing but the one signed text is
 * believed. */
#include <string.h>
#include <strings.h>

#include "base/strings.h"
#include "base/xmem.h"
#include "crypto/token.h"
#include "fuzz.h"

#define TOWN "6701b38cb2e829a08efdb9158911bd0c93cd8514f37f45c47c35f863aab06c35"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char seed[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    char *text = fuzz_text(data, len), again[TOKEN_LENGTH + 1];
    uint8_t secret[SEAL_SEED_SIZE];
    struct seal_key key;
    struct token token;
    struct error err = {0};
    if (!hex_decode(secret, sizeof secret, seed))
        return 0;
    seal_key_from_seed(&key, secret);
    if (token_read(text, &token, &err)) {
        if (!*err.detail)
            fuzz_fail("refused without a word");
    } else if (token_holds(&token, key.public_key, TOWN)) {
        if (!token_sign(&token, &key, TOWN, again) || strcasecmp(again, text) != 0)
            fuzz_fail("another text is believed");
    }
    xfree(&text);
    return 0;
}
