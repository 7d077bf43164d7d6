"""A small library of Zotero, with those of its tables that hold works."""

import sqlite3
from contextlib import closing

SCHEMA = """
CREATE TABLE itemTypes (itemTypeID INTEGER PRIMARY KEY, typeName TEXT);
CREATE TABLE fields (fieldID INTEGER PRIMARY KEY, fieldName TEXT);
CREATE TABLE items (itemID INTEGER PRIMARY KEY, itemTypeID INT NOT NULL, libraryID INT,
  key TEXT NOT NULL);
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID INT, PRIMARY KEY (itemID, fieldID));
CREATE TABLE creatorTypes (creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT);
CREATE TABLE creators (creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT,
  fieldMode INT);
CREATE TABLE itemCreators (itemID INT, creatorID INT, creatorTypeID INT, orderIndex INT);
CREATE TABLE collections (collectionID INTEGER PRIMARY KEY, collectionName TEXT NOT NULL,
  parentCollectionID INT, key TEXT NOT NULL);
CREATE TABLE collectionItems (collectionID INT, itemID INT, orderIndex INT DEFAULT 0);
CREATE TABLE itemNotes (itemID INTEGER PRIMARY KEY, parentItemID INT, note TEXT, title TEXT);
CREATE TABLE itemAttachments (itemID INTEGER PRIMARY KEY, parentItemID INT, linkMode INT,
  contentType TEXT, path TEXT);
CREATE TABLE tags (tagID INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE itemTags (itemID INT, tagID INT, type INT NOT NULL);
CREATE TABLE deletedItems (itemID INTEGER PRIMARY KEY);
"""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>"
PDF += b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Library:
    """`item()` adds a work, `sql()` changes anything."""

    def __init__(self, folder):
        folder.mkdir(exist_ok=True)
        self.folder, self.last = folder, 0
        self.sql_script(SCHEMA)

    def sql_script(self, script):
        with closing(sqlite3.connect(self.folder / "zotero.sqlite")) as connection:
            connection.executescript(script)

    def sql(self, statement, *values):
        with closing(sqlite3.connect(self.folder / "zotero.sqlite")) as connection, connection:
            return connection.execute(statement, values).lastrowid

    def word(self, table, column, value):
        """The number of a word of its vocabulary."""
        with closing(sqlite3.connect(self.folder / "zotero.sqlite")) as connection, connection:
            found = connection.execute(
                f"SELECT rowid FROM {table} WHERE {column} = ?",
                [value],
            ).fetchone()
            if found:
                return found[0]
            return connection.execute(
                f"INSERT INTO {table} ({column}) VALUES (?)",
                [value],
            ).lastrowid

    def thing(self, kind, key):
        number = self.word("itemTypes", "typeName", kind)
        return self.sql(
            "INSERT INTO items (itemTypeID, libraryID, key) VALUES (?, 1, ?)", number, key
        )

    def item(self, key, kind="journalArticle", people=(), tags=(), **fields):
        number = self.thing(kind, key)
        for name, value in fields.items():
            self.say(number, name, value)
        for at, (role, given, family) in enumerate(people):
            person = self.sql(
                "INSERT INTO creators (firstName, lastName, fieldMode) VALUES (?, ?, ?)",
                given, family, 0 if given else 1,
            )  # fmt: skip
            self.sql("INSERT INTO itemCreators VALUES (?, ?, ?, ?)", number, person,
                     self.word("creatorTypes", "creatorType", role), at)  # fmt: skip
        for name, how in tags:
            self.sql("INSERT INTO itemTags VALUES (?, ?, ?)", number,
                     self.word("tags", "name", name), how)  # fmt: skip
        return number

    def say(self, number, name, value):
        self.sql("INSERT OR REPLACE INTO itemData VALUES (?, ?, ?)", number,
                 self.word("fields", "fieldName", name),
                 self.word("itemDataValues", "value", value))  # fmt: skip

    def collection(self, key, name, above=None, works=()):
        number = self.sql(
            "INSERT INTO collections (collectionName, parentCollectionID, key) VALUES (?, ?, ?)",
            name, above, key,
        )  # fmt: skip
        for work in works:
            self.sql("INSERT INTO collectionItems VALUES (?, ?, 0)", number, work)
        return number

    def note(self, key, work, text):
        number = self.thing("note", key)
        self.sql("INSERT INTO itemNotes VALUES (?, ?, ?, '')", number, work, text)
        return number

    def file(self, key, work, path="storage:a.pdf", data=PDF):
        number = self.thing("attachment", key)
        self.sql("INSERT INTO itemAttachments VALUES (?, ?, 0, 'application/pdf', ?)", number,
                 work, path)  # fmt: skip
        if data is not None:
            (self.folder / "storage" / key).mkdir(parents=True)
            (self.folder / "storage" / key / "a.pdf").write_bytes(data)
        return number
