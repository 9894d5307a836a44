// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.table;

import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;

/// Where the files of one index segment are: a folder of its own below `_indices/` of the table, or of another one that the
/// table names as a base (spec: table format 1.1).
public record IndexFolder(ObjectStore store, ObjectPath path) {}
