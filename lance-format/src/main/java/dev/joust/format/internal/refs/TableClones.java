// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.refs;

import java.io.IOException;
import java.util.Map;

import dev.joust.format.commit.CommitOptions;
import dev.joust.format.commit.Committer;
import dev.joust.format.commit.Operation;
import dev.joust.format.commit.Transaction;
import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Manifest;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;

/// Makes tables out of one version of another (spec: table format 9).
///
/// @param source   the folder that the version lies in: the table's, or its branch's
/// @param manifest of the version
public record TableClones(TableContext source, Manifest manifest) {
    /// A table that uses the files where they are. Nothing tells the source that they are used: a tag keeps them there.
    ///
    /// @throws IllegalArgumentException if there is a table already
    public Committer.Base shallow(TableContext target, boolean transactionFile) throws IOException {
        return commit(target, true, transactionFile);
    }

    /// A table with a copy of all the files. It appears when all are there; what a failure leaves belongs to no table.
    ///
    /// @throws IllegalArgumentException if there is a table already
    public Committer.Base deep(TableContext target, boolean transactionFile) throws IOException {
        FeatureFlags.checkWritable(manifest);
        checkAbsent(target.store());
        new FileCopies(source, manifest, target.store()).copy();
        return commit(target, false, transactionFile);
    }

    private Committer.Base commit(TableContext target, boolean isShallow, boolean transactionFile) throws IOException {
        checkAbsent(target.store());
        Operation clone = new Operation.Clone(
                isShallow,
                manifest.branch(),
                manifest.version(),
                ObjectStores.nameOf(source.store()),
                null,
                Bytes.EMPTY);
        CommitOptions options =
                new CommitOptions(1, transactionFile, manifest.dataFormatVersion(), false, Map.of());
        return new Committer(target, options)
                .createClone(manifest, Transaction.of(manifest.version(), clone, Map.of()));
    }

    private static void checkAbsent(ObjectStore target) throws IOException {
        if (new ManifestStore(target).latest().isPresent()) {
            throw new IllegalArgumentException("there is a table at " + target.root() + " already");
        }
    }
}
