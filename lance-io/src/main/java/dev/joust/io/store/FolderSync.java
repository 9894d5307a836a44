// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/// Puts folders' entries on disk. Whoever asks while a folder is being synced waits for the next time, which does for
/// all who came meanwhile. Thread-safe.
final class FolderSync {
    private static final int LOCK_COUNT = 64;

    /// How it is done for one folder.
    interface Force {
        void folder(Path folder) throws IOException;
    }

    /// Callers whom one sync serves.
    private static final class Turn {
        private boolean done;
        private @Nullable IOException failure;
    }

    private final Force force;
    /// Folders share locks, which only makes them wait for each other.
    private final ReentrantLock[] locks = new ReentrantLock[LOCK_COUNT];
    /// The turns that have not begun.
    private final Map<Path, Turn> waiting = new ConcurrentHashMap<>();

    FolderSync(Force force) {
        this.force = force;
        Arrays.setAll(locks, _ -> new ReentrantLock());
    }

    /// When it returns, entries made before the call are on disk.
    void sync(Path folder) throws IOException {
        Turn turn = waiting.computeIfAbsent(folder, _ -> new Turn());
        ReentrantLock lock = locks[Math.floorMod(folder.hashCode(), LOCK_COUNT)];
        lock.lock();
        try {
            if (!turn.done) {
                waiting.remove(folder, turn);
                take(turn, folder);
            }
        } finally {
            lock.unlock();
        }
        if (turn.failure != null) {
            throw new IOException(turn.failure.getMessage(), turn.failure);
        }
    }

    /// An interrupt ends the turn of nobody but the one who was interrupted.
    private void take(Turn turn, Path folder) throws IOException {
        try {
            force.folder(folder);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            turn.failure = e;
        }
        turn.done = true;
    }
}
