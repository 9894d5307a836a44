// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.cleanup;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.joust.format.internal.table.Parallel;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.table.CleanupPlan;
import dev.joust.format.table.CleanupPolicy;
import dev.joust.format.table.CleanupStats;
import dev.joust.io.ObjectPath;

/// Deletes the files of a plan: first all that are no manifests, then the manifests. Stopped in between, it leaves old
/// versions that lack files, and everything that another cleanup needs to go on. A file that can't be deleted is
/// counted and passed over. Used once.
public final class FileRemoval {
    private static final Logger LOG = System.getLogger(FileRemoval.class.getName());

    /// Few enough for a local folder to be emptied by several threads.
    private static final int FILES_AT_ONCE = 100;

    private final TableContext table;
    private final CleanupPolicy policy;
    private final AtomicLong nextDeleteNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong failed = new AtomicLong();
    private final AtomicBoolean warned = new AtomicBoolean();

    public FileRemoval(TableContext table, CleanupPolicy policy) {
        this.table = table;
        this.policy = policy;
    }

    public CleanupStats remove(CleanupPlan plan) throws IOException {
        List<CleanupPlan.File> removed = new ArrayList<>();
        for (boolean manifests : new boolean[] {false, true}) {
            List<CleanupPlan.File> files = plan.files().stream()
                    .filter(file -> (file.kind() == CleanupPlan.Kind.MANIFEST) == manifests)
                    .toList();
            Parallel.map(table.session(), groups(files), policy.deletesAtOnce(), this::deleteGroup)
                    .forEach(removed::addAll);
        }
        return CleanupPlan.statsOf(removed, failed.get());
    }

    /// Single files where they are to be deleted slowly.
    private List<List<CleanupPlan.File>> groups(List<CleanupPlan.File> files) {
        int size = policy.deletesPerSecond() == null ? FILES_AT_ONCE : 1;
        List<List<CleanupPlan.File>> groups = new ArrayList<>();
        for (int start = 0; start < files.size(); start += size) {
            groups.add(files.subList(start, Math.min(files.size(), start + size)));
        }
        return groups;
    }

    /// @return those that are gone
    private List<CleanupPlan.File> deleteGroup(List<CleanupPlan.File> files) throws IOException {
        if (files.size() > 1) {
            try {
                table.store().deleteAll(files.stream().map(file -> ObjectPath.of(file.path())).toList());
                return files;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "not all deleted together, so one by one", e);
            }
        }
        List<CleanupPlan.File> deleted = new ArrayList<>();
        for (CleanupPlan.File file : files) {
            if (delete(file)) {
                deleted.add(file);
            }
        }
        return deleted;
    }

    private boolean delete(CleanupPlan.File file) throws IOException {
        waitForTurn(policy.deletesPerSecond());
        try {
            table.store().delete(ObjectPath.of(file.path()));
            return true;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            failed.incrementAndGet();
            Level level = warned.compareAndSet(false, true) ? Level.WARNING : Level.DEBUG;
            LOG.log(level, "not deleted, and left for another cleanup: " + file.path(), e);
            return false;
        }
    }

    private void waitForTurn(@Nullable Integer deletesPerSecond) throws InterruptedIOException {
        if (deletesPerSecond == null) {
            return;
        }
        long interval = TimeUnit.SECONDS.toNanos(1) / deletesPerSecond;
        long turn = nextDeleteNanos.getAndAdd(interval);
        try {
            TimeUnit.NANOSECONDS.sleep(turn - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a cleanup deleted files");
        }
    }
}
