#include "bundle/sections.h"

#include "crypto/keyring.h"

void checkpoint_message(struct buffer *out, const char *town, const char *device, int64_t seq,
                        const char *head)
{
    struct line line = LINE_INIT;
    line_add_text(&line, "town", town);
    line_add_text(&line, "device", device);
    line_add_number(&line, "seq", seq);
    line_add_text(&line, "head", head);
    line_write(&line, out);
    line_free(&line);
}

void checkpoint_sign(struct buffer *out, const char *town, const struct key_pair *device,
                     int64_t seq, const char *head)
{
    struct buffer message = BUFFER_INIT;
    struct line line = LINE_INIT;
    uint8_t seal[SEAL_SIZE];
    char hex[SEAL_HEX_SIZE];
    checkpoint_message(&message, town, device->fingerprint, seq, head);
    seal_sign(seal, &device->seal, CHECKPOINT_DOMAIN, message.data, message.len);
    hex_encode(hex, seal, sizeof seal);
    line_add_text(&line, "checkpoint", device->fingerprint);
    line_add_number(&line, "seq", seq);
    line_add_text(&line, "head", head);
    line_add_text(&line, "sign", hex);
    line_write(&line, out);
    line_free(&line);
    buffer_free(&message);
}
