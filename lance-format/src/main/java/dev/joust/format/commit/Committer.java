// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.commit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CommitConflictException;
import dev.joust.format.internal.table.ManifestStore.Loaded;
import dev.joust.format.internal.table.ManifestStore.Location;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.internal.table.TablePaths;
import dev.joust.format.internal.table.TransactionCodec;
import dev.joust.format.table.FeatureFlags;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.ManifestNaming;
import dev.joust.io.ObjectPath;

/// Makes a change the next version of a table (spec: table format 3.6, 4).
///
/// One rule: version N is committed if and only if its manifest was created by a put-if-absent. A handle that knows
/// version v goes straight for v+1. If that is taken, the transactions that won are read and the change is put on top
/// of them, where {@link ConflictResolver} allows, and so on, a bounded number of times.
///
/// A handle whose knowledge is not fresh looks for newer versions first: v+1 may have been committed *and* cleaned up
/// since, and making it anew would lose the change below versions that are already there.
public final class Committer {
    private static final Logger LOG = System.getLogger(Committer.class.getName());

    /// For so long after it was read or written, a version is taken for the newest without asking.
    private static final Duration FRESH = Duration.ofSeconds(10);

    /// No further attempt is made so long after the first one began.
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private static final int READ_BACK_ATTEMPTS = 3;
    private static final long READ_BACK_PAUSE_MILLIS = 50;
    private static final String AUTO_CLEANUP = "lance.auto_cleanup.interval";
    /// Versions to catch up on that are asked for at once, at most; where there are still more, a listing tells.
    private static final int PROBED_AT_ONCE = 16;

    private final TableContext table;
    private final CommitOptions options;
    private final Duration maxWait;

    public Committer(TableContext table, CommitOptions options) {
        this(table, options, MAX_WAIT);
    }

    /// @param maxWait no further attempt is made so long after the first one began
    Committer(TableContext table, CommitOptions options, Duration maxWait) {
        this.table = table;
        this.options = options;
        this.maxWait = maxWait;
    }

    /// A version and when it was last known to be the newest.
    ///
    /// @param knownAtNanos as {@link System#nanoTime}
    public record Base(Location location, Manifest manifest, long knownAtNanos) {
        /// The newest version, as of now.
        public static Base newest(Location location, Manifest manifest) {
            return new Base(location, manifest, System.nanoTime());
        }

        /// A version that may have been followed by others long ago.
        public static Base maybeOld(Location location, Manifest manifest) {
            return new Base(location, manifest, System.nanoTime() - 2 * FRESH.toNanos());
        }
    }

    /// Creates the table.
    ///
    /// @throws CommitConflictException if there is one already
    public Base create(Transaction transaction) throws IOException {
        writeTransactionFile(transaction);
        return attempt(null, transaction, new Location(1, ManifestNaming.V2))
                .orElseThrow(() -> new CommitConflictException("there is a table at "
                        + table.store().root() + " already: it was created at the same time", false));
    }

    /// Creates a table out of a version of another, or a branch; it keeps the version's number.
    ///
    /// @param source      the version, whose files lie where the operation says
    /// @param transaction of a {@link Operation.Clone}, made from that version
    /// @throws CommitConflictException if there is that version already
    public Base createClone(Manifest source, Transaction transaction) throws IOException {
        FeatureFlags.checkWritable(source);
        Manifest manifest = NextManifest.ofClone(source, transaction, settings());
        writeTransactionFile(transaction);
        Location location = new Location(source.version(), ManifestNaming.V2);
        return put(null, manifest, transaction, location)
                .orElseThrow(() -> new CommitConflictException("there is version " + source.version() + " of "
                        + table.store().root() + " already: it was created at the same time", false));
    }

    /// Commits the change on top of `base` or a newer version.
    ///
    /// @throws CommitConflictException      naming both operations, if another change is in the way
    /// @throws CommitStatusUnknownException if the store leaves it open whether it happened
    public Base commit(Base base, Proposal proposal) throws IOException {
        Base current = base;
        Proposal pending = proposal;
        if (!isFresh(base)) {
            List<Loaded> newer = listedAfter(base.location().version());
            if (!newer.isEmpty()) {
                checkMayRebase(proposal, newer.getLast());
                pending = rebase(base, pending, newer);
                current = baseOf(newer.getLast());
            }
        }
        Transaction written = null;
        Backoff backoff = new Backoff(maxWait);
        for (int attempt = 1;; attempt++) {
            FeatureFlags.checkWritable(current.manifest());
            Location next =
                    new Location(current.location().version() + 1, current.location().naming());
            if (!pending.transaction().equals(written)) {
                writeTransactionFile(pending.transaction());
                written = pending.transaction();
            }
            Optional<Base> committed = attempt(current, pending.transaction(), next);
            if (committed.isPresent()) {
                return committed.get();
            }
            // Waits before it looks what won, not after: what it has seen must be new when it tries again. And looks even
            // if it was the last attempt: what won may be ours.
            boolean again = attempt < options.maxAttempts() && backoff.await();
            List<Loaded> winners = versionsAfter(current.location());
            if (winners.isEmpty()) {
                throw new IOException("version " + next.version() + " of " + table.store().root()
                        + " is taken but can't be read");
            }
            Optional<Loaded> ours = find(winners, pending.transaction());
            if (ours.isPresent()) {
                // The put was answered "exists" because an earlier try of it, inside the store, had arrived.
                return baseOf(ours.get());
            }
            try {
                checkMayRebase(proposal, winners.getLast());
                if (!again) {
                    throw lost(proposal, winners.getLast(), attempt, backoff);
                }
                pending = rebase(current, pending, winners);
            } catch (RuntimeException e) {
                deleteTransactionFile(written);
                throw e;
            }
            if (!pending.transaction().equals(written)) {
                deleteTransactionFile(written);
                written = null;
            }
            current = baseOf(winners.getLast());
        }
    }

    private CommitConflictException lost(Proposal proposal, Loaded newest, int attemptCount, Backoff backoff) {
        return new CommitConflictException(
                proposal.transaction().operation().name() + " on version "
                        + proposal.transaction().readVersion() + " of " + table.store().root() + " lost against others "
                        + attemptCount + " times in " + backoff.elapsed().toMillis()
                        + " ms, at last against version "
                        + newest.location().version(),
                true);
    }

    private void checkMayRebase(Proposal proposal, Loaded newest) {
        if (options.onlyOnReadVersion()) {
            throw new CommitConflictException(
                    proposal.transaction().operation().name() + " was to go on top of version "
                            + proposal.transaction().readVersion() + " of " + table.store().root()
                            + " only, and there is version " + newest.location().version(),
                    true);
        }
    }

    private static boolean isFresh(Base base) {
        return System.nanoTime() - base.knownAtNanos() < FRESH.toNanos()
                && !base.manifest().config().containsKey(AUTO_CLEANUP);
    }

    private static Base baseOf(Loaded loaded) {
        return Base.newest(loaded.location(), loaded.manifest());
    }

    private static Optional<Loaded> find(List<Loaded> versions, Transaction transaction) {
        return versions.stream()
                .filter(loaded -> isOurs(loaded, transaction))
                .findFirst();
    }

    private static boolean isOurs(Loaded loaded, Transaction transaction) {
        return (loaded.transaction() != null
                        && loaded.transaction().uuid().equals(transaction.uuid()))
                || loaded.manifest().transactionFile().endsWith(transaction.uuid() + ".txn");
    }

    /// One try for a version. Empty: somebody else has it.
    private Optional<Base> attempt(@Nullable Base base, Transaction transaction, Location next) throws IOException {
        Manifest restored = null;
        if (base != null && transaction.operation() instanceof Operation.Restore restore) {
            restored = table.manifests()
                    .read(new Location(restore.version(), base.location().naming()))
                    .manifest();
        }
        Manifest manifest = NextManifest.of(
                base == null ? null : base.manifest(),
                restored,
                transaction,
                settings());
        return put(base, manifest, transaction, next);
    }

    private NextManifest.Settings settings() {
        return new NextManifest.Settings(
                options.dataFormatVersion(), options.stableRowIds(), options.transactionFile());
    }

    private Optional<Base> put(@Nullable Base base, Manifest manifest, Transaction transaction, Location next)
            throws IOException {
        byte[] bytes = TransactionCodec.toBytes(transaction);
        Optional<Location> written;
        try {
            written = table.manifests().putIfAbsent(next, manifest, bytes);
        } catch (IOException e) {
            written = readBack(next, transaction, e) ? Optional.of(next) : Optional.empty();
        }
        if (written.isEmpty()) {
            if (base == null) {
                if (wasCreatedByUs(next, transaction)) {
                    return Optional.of(Base.newest(next, manifest));
                }
                deleteTransactionFile(transaction);
            }
            return Optional.empty();
        }
        table.manifests().writeHint(next.version());
        return Optional.of(Base.newest(written.get(), manifest));
    }

    private boolean wasCreatedByUs(Location location, Transaction transaction) throws IOException {
        try {
            return isOurs(table.manifests().read(location), transaction);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// The store failed where it should have said whether the version was taken: look whose it is.
    ///
    /// @return whether it is ours
    private boolean readBack(Location next, Transaction transaction, IOException failure) throws IOException {
        for (int i = 0; i < READ_BACK_ATTEMPTS; i++) {
            try {
                return isOurs(table.manifests().read(next), transaction);
            } catch (NoSuchFileException e) {
                // Not there: a put that failed, unless it is still on its way. Its files stay, in case it is.
                failure.addSuppressed(e);
                throw failure;
            } catch (IOException | RuntimeException e) {
                failure.addSuppressed(e);
                pause(READ_BACK_PAUSE_MILLIS << i);
            }
        }
        throw new CommitStatusUnknownException(
                transaction.operation().name() + " may or may not have become version " + next.version() + " of "
                        + table.store().root() + ", transaction " + transaction.uuid(),
                failure);
    }

    /// Everything committed after a version, in order. Versions that were cleaned up meanwhile are not among them.
    ///
    /// Mostly there is one, so that two are asked for at once and the second says that there are no more; then four, and
    /// so on. What comes after one that is not there yet is left for later: the one between may have come since.
    private List<Loaded> versionsAfter(Location known) throws IOException {
        List<Loaded> found = new ArrayList<>();
        for (int count = 2; count <= PROBED_AT_ONCE; count *= 2) {
            long next = known.version() + 1 + found.size();
            List<Location> asked = LongStream.range(next, next + count)
                    .mapToObj(version -> new Location(version, known.naming()))
                    .toList();
            for (Loaded loaded : table.manifests().readAll(asked, table.session().ioExecutor())) {
                if (loaded.location().version() == known.version() + 1 + found.size()) {
                    found.add(loaded);
                }
            }
            if (found.isEmpty()) {
                break; // cleaned up already
            }
            if (known.version() + found.size() < next + count - 1) {
                return found;
            }
        }
        found.addAll(listedAfter(known.version() + found.size()));
        return found;
    }

    private List<Loaded> listedAfter(long version) throws IOException {
        List<Location> newer = table.manifests().list().stream()
                .filter(location -> location.version() > version)
                .toList();
        return table.manifests().readAll(newer, table.session().ioExecutor());
    }

    private Proposal rebase(Base base, Proposal proposal, List<Loaded> winners) throws IOException {
        boolean rowLevel = false;
        Manifest before = base.manifest();
        Proposal pending = proposal;
        FieldReuse reuse = new FieldReuse();
        PhantomCheck phantoms =
                proposal.phantoms() == null ? null : new PhantomCheck(table, proposal.phantoms(), before);
        for (Loaded winner : winners) {
            Transaction theirs = table.manifests()
                    .transactionOf(winner)
                    .orElseThrow(() -> new CommitConflictException(
                            proposal.transaction().operation().name() + " can't be put on top of version "
                                    + winner.location().version() + ", which does not say what it changed",
                            true));
            String conflict = proposal.transaction().operation().name() + " on version "
                    + proposal.transaction().readVersion() + " conflicts with "
                    + theirs.operation().name() + " of version " + winner.location().version() + ": ";
            String unclear = phantoms == null ? null : phantoms.add(before, winner, theirs.operation());
            if (unclear != null) {
                throw new CommitConflictException(conflict + unclear, true);
            }
            switch (ConflictResolver.check(pending, theirs)) {
                case Verdict.Compatible _ -> {}
                case Verdict.Rebasable _ -> rowLevel = true;
                case Verdict.Retryable(String reason) -> throw new CommitConflictException(conflict + reason, true);
                case Verdict.Incompatible(String reason) ->
                    throw new CommitConflictException(conflict + reason, false);
            }
            reuse.add(before.schema(), winner.manifest().schema());
            if (reuse.concerns(pending.transaction().operation())) {
                throw new CommitConflictException(conflict + "a field of it was dropped, its id is another's now", true);
            }
            pending = IndexRebase.onto(pending, before, theirs.operation());
            before = winner.manifest();
        }
        if (phantoms != null && phantoms.isAnyThere(winners.getLast())) {
            throw new CommitConflictException(
                    proposal.transaction().operation().name() + " on version "
                            + proposal.transaction().readVersion() + " conflicts with rows that were added up to version "
                            + winners.getLast().location().version() + ": it has to know of them",
                    true);
        }
        return rowLevel
                ? new RowRebase(table, pending, base.manifest()).onto(winners.getLast().manifest())
                : pending;
    }

    private static ObjectPath transactionPath(Transaction transaction) {
        return TablePaths.TRANSACTIONS.resolve(transaction.fileName());
    }

    private void writeTransactionFile(Transaction transaction) throws IOException {
        if (options.transactionFile()) {
            table.store().put(transactionPath(transaction), TransactionCodec.toBytes(transaction));
        }
    }

    private void deleteTransactionFile(Transaction transaction) {
        if (!options.transactionFile()) {
            return;
        }
        try {
            table.store().delete(transactionPath(transaction));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "transaction file left behind", e);
        }
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a commit waited to try again");
        }
    }
}
