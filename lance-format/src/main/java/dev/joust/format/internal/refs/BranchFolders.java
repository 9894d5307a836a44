// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.refs;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.commit.CommitOptions;
import dev.joust.format.commit.Committer;
import dev.joust.format.commit.Operation;
import dev.joust.format.commit.Transaction;
import dev.joust.format.internal.table.ManifestStore;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.internal.table.TablePaths;
import dev.joust.format.refs.Branch;
import dev.joust.format.refs.BranchIdentifier;
import dev.joust.format.refs.NoSuchRefException;
import dev.joust.format.refs.RefConflictException;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.ManifestNaming;
import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStores;
import dev.joust.io.Session;

/// Makes and removes branches: first the manifest in the branch's own folder, which names the parent's folder as its base,
/// then the file that says that there is such a branch (spec: table format 9).
///
/// @param root  of the table
/// @param files those of branches
public record BranchFolders(Session session, ObjectStore root, RefFiles files) {
    /// What a branch has in its folder. Whatever else lies there may be another branch, whose name goes on from this one's.
    private static final List<String> OWN_FOLDERS =
            List.of("_versions", "_transactions", "_deletions", "_indices", "_fri", "_blobs", "data");

    public BranchFolders(Session session, ObjectStore root) {
        this(session, root, new RefFiles(root, session.ioExecutor(), RefPaths.BRANCHES, "branch"));
    }

    /// @param name   checked
    /// @param source the version to start from
    /// @param transactionFile whether one is written, as in {@link CommitOptions}
    /// @throws RefConflictException if there is a branch of that name, or what was left of one
    public Committer.Base create(String name, Manifest source, boolean transactionFile) throws IOException {
        if (files.find(name).isPresent()) {
            throw taken(name);
        }
        String parent = Branch.nullForMain(source.branch());
        VersionFiles versions = new VersionFiles(root);
        OptionalLong manifestSize = versions.manifestSizeBytes(parent, source.version());
        BranchIdentifier identifier = identifierOf(parent).child(source.version());
        Operation clone = new Operation.Clone(
                true,
                parent,
                source.version(),
                ObjectStores.nameOf(versions.branchStore(parent)),
                name,
                Bytes.EMPTY);
        TableContext target = TableContext.ofBranch(session, root, name);
        CommitOptions options =
                new CommitOptions(1, transactionFile, source.dataFormatVersion(), false, Map.of());
        Optional<Committer.Base> started = started(target, name, source, clone);
        Committer.Base base;
        try {
            base = started.isPresent()
                    ? started.get()
                    : new Committer(target, options)
                            .createClone(source, Transaction.of(source.version(), clone, Map.of()));
        } catch (CommitConflictException e) {
            throw taken(name);
        }
        Branch branch = new Branch(
                name,
                parent,
                identifier,
                source.version(),
                Instant.now(),
                manifestSize.orElse(0),
                Map.of());
        if (!files.putIfAbsent(name, RefCodec.toJson(branch, null))) {
            if (started.isEmpty() && !startsFrom(name, parent, source.version())) {
                // A branch of that name was made meanwhile, from another version: ours must not stay among its own.
                target.store().delete(TablePaths.VERSIONS.resolve(ManifestNaming.V2.fileName(source.version())));
            }
            throw taken(name);
        }
        return base;
    }

    /// The first version of such a branch that was not made to its end, if that is all there is: it is gone on with. Who
    /// made it may be about to do the same; one of both gets to say that there is such a branch.
    ///
    /// @throws RefConflictException if there are other versions
    private Optional<Committer.Base> started(TableContext target, String name, Manifest source, Operation clone)
            throws IOException {
        List<ManifestStore.Location> there = target.manifests().list();
        if (there.isEmpty()) {
            return Optional.empty();
        }
        if (there.size() == 1 && there.getFirst().version() == source.version()) {
            ManifestStore.Loaded first = target.manifests().read(there.getFirst());
            Optional<Transaction> made = target.manifests().transactionOf(first);
            if (made.isPresent() && made.get().operation().equals(clone)) {
                return Optional.of(Committer.Base.newest(first.location(), first.manifest()));
            }
        }
        throw new RefConflictException("there are versions of a branch '" + name
                + "' that was not made to its end, or is being made: delete it first, by force");
    }

    private boolean startsFrom(String name, @Nullable String parent, long version) throws IOException {
        return files.find(name)
                .map(object -> RefCodec.branch(files.path(name), name, object))
                .filter(branch -> branch.parentVersion() == version && Objects.equals(branch.parentBranch(), parent))
                .isPresent();
    }

    private BranchIdentifier identifierOf(@Nullable String parent) throws IOException {
        if (parent == null) {
            return BranchIdentifier.MAIN;
        }
        return files.find(parent)
                .map(object -> RefCodec.branch(files.path(parent), parent, object).identifier())
                .orElseThrow(() -> new NoSuchRefException("no branch '" + parent + "'"));
    }

    private static RefConflictException taken(String name) {
        return new RefConflictException("there is a branch '" + name + "' already");
    }

    /// Removes the branch's versions and files, and nothing of branches whose folders lie in its own.
    public void deleteFiles(String name) throws IOException {
        Set<String> others = files.list().keySet();
        ObjectPath folder = RefPaths.branchFolder(name);
        // Manifests first: without them nobody opens what is half gone.
        for (String own : OWN_FOLDERS) {
            if (others.stream().noneMatch(other -> other.equals(name + "/" + own) || other.startsWith(name + "/" + own + "/"))) {
                for (ObjectMeta object : root.list(folder.resolve(own))) {
                    root.delete(object.path());
                }
            }
        }
        session.metadataCache().invalidateBelow(root, folder);
    }
}
