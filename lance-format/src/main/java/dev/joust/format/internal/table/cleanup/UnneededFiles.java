// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.cleanup;

import java.time.Instant;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.joust.format.table.CleanupPlan;
import dev.joust.io.ObjectMeta;

/// Which files of a table's folders no version needs. Only files of known names and places are looked at; all others
/// stay for ever. Immutable.
///
/// @param retained      named by versions that stay
/// @param expired       named by versions that go, which proves that they are of no commit under way
/// @param unverifiedAge files older than this are of no commit under way either; null asks for no age
record UnneededFiles(NamedFiles retained, NamedFiles expired, @Nullable Instant unverifiedAge) {
    private static final String LANCE = ".lance";
    private static final String BLOB = ".blob";

    private CleanupPlan.@Nullable File judge(
            ObjectMeta file, CleanupPlan.Kind kind, Predicate<NamedFiles> isNamed) {
        if (isNamed.test(retained)) {
            return null;
        }
        boolean verified = isNamed.test(expired);
        if (!verified && !isOldEnough(file)) {
            return null;
        }
        return new CleanupPlan.File(file.path().value(), kind, !verified, file.sizeBytes());
    }

    private boolean isOldEnough(ObjectMeta file) {
        return unverifiedAge == null || file.lastModified().isBefore(unverifiedAge);
    }

    /// `data/{name}.lance`, and `data/{name}/{id}.blob`, which goes with it.
    CleanupPlan.@Nullable File ofData(ObjectMeta file, String name) {
        int slash = name.indexOf('/');
        if (name.endsWith(LANCE)) {
            return judge(file, CleanupPlan.Kind.DATA, named -> named.hasData(name));
        }
        if (name.endsWith(BLOB) && slash > 0 && name.indexOf('/', slash + 1) < 0) {
            String owner = name.substring(0, slash) + LANCE;
            return judge(file, CleanupPlan.Kind.DATA, named -> named.hasData(owner));
        }
        boolean temporary = name.substring(name.lastIndexOf('/') + 1).startsWith(".tmp");
        return temporary ? judge(file, CleanupPlan.Kind.DATA, _ -> false) : null;
    }

    CleanupPlan.@Nullable File ofDeletions(ObjectMeta file, String name) {
        return name.endsWith(".arrow") || name.endsWith(".bin")
                ? judge(file, CleanupPlan.Kind.DELETION, named -> named.hasDeletions(name))
                : null;
    }

    CleanupPlan.@Nullable File ofTransactions(ObjectMeta file, String name) {
        return name.endsWith(".txn")
                ? judge(file, CleanupPlan.Kind.TRANSACTION, named -> named.hasTransaction(name))
                : null;
    }

    /// `_indices/{uuid}/...`
    CleanupPlan.@Nullable File ofIndices(ObjectMeta file, String name) {
        int slash = name.indexOf('/');
        return slash > 0
                ? judge(file, CleanupPlan.Kind.INDEX, named -> named.hasIndex(name.substring(0, slash)))
                : null;
    }

    /// What is left of a file that was never finished.
    CleanupPlan.@Nullable File ofUnfinished(ObjectMeta file, CleanupPlan.Kind kind) {
        return judge(file, kind, _ -> false);
    }

    /// What is left of unfinished manifests; finished ones are no business of this.
    CleanupPlan.@Nullable File ofVersions(ObjectMeta file, String name) {
        return name.startsWith(".tmp") ? judge(file, CleanupPlan.Kind.TEMPORARY_MANIFEST, _ -> false) : null;
    }
}
