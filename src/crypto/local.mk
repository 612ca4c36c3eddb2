noinst_LIBRARIES += libcrypto.a
libcrypto_a_SOURCES = \
	src/crypto/age.c src/crypto/age.h \
	src/crypto/age_header.c src/crypto/age_header.h \
	src/crypto/base64.c src/crypto/base64.h \
	src/crypto/bech32.c src/crypto/bech32.h \
	src/crypto/hash.c src/crypto/hash.h \
	src/crypto/keyring.c src/crypto/keyring.h src/crypto/keyring_child.c \
	src/crypto/keyring_file.c src/crypto/keyring_file.h \
	src/crypto/random.c src/crypto/random.h \
	src/crypto/seal.c src/crypto/seal.h \
	src/crypto/sodium.c src/crypto/sodium.h \
	src/crypto/token.c src/crypto/token.h
