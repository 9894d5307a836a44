// SPDX-License-Identifier: Apache-2.0
package dev.joust;

import dev.joust.search.ConnectOptions;
import dev.joust.search.Database;

/// The front door.
///
///     try (var db = Joust.connect("./data")) {
///         Table docs = db.createTable("docs", List.of(new Doc("a", "hello", new float[] {1, 2})));
///         List<Hit<Doc>> hits = docs.search(new float[] {1, 2}).where("id <> ?", "b").limit(10).hits(Doc.class);
///     }
public final class Joust {
    private Joust() {}

    /// The tables below a folder: a path, `file:///path`, `memory://name`, or the address of another store on the
    /// class path. Nothing is created before the first table is.
    public static Database connect(String uriOrPath) {
        return connect(uriOrPath, ConnectOptions.DEFAULT);
    }

    public static Database connect(String uriOrPath, ConnectOptions options) {
        return Database.open(uriOrPath, options);
    }
}
