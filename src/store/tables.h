/*
 * store/tables: the scripts that make the tables of satomado.db, one per version.
 */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

/* Ends with NULL. */
const char *const *tables_migrations(void);

#endif
