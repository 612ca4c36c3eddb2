unit_tests += tests/unit/crypto/seal_test
tests_unit_crypto_seal_test_SOURCES = tests/unit/crypto/seal_test.c
tests_unit_crypto_seal_test_LDADD = $(unit_ldadd)
unit_tests += tests/unit/crypto/age_test
tests_unit_crypto_age_test_SOURCES = tests/unit/crypto/age_test.c
tests_unit_crypto_age_test_LDADD = $(unit_ldadd)
