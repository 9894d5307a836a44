// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.batch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.Buffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

import dev.joust.io.Session;

/// The memory of a session's batches: one Arrow root allocator with a limit. Segments that its sources hand out lie
/// in Arrow buffers, so {@link ArrowBatches} passes them on without a copy. Thread-safe.
///
/// Arrow needs two flags of the JVM; a start without one of them ends here, in a message that names it.
/// `-Djoust.memory.debug=true` remembers where each source was opened, for the log line of {@link #close}.
public final class ArrowMemory implements BufferSources, AutoCloseable {
    /// Lets Arrow make byte buffers over its memory.
    public static final String OPENS_FLAG = "--add-opens=java.base/java.nio=ALL-UNNAMED";
    /// Lets Arrow allocate; without it a JVM of 24 or newer warns, later ones throw.
    public static final String UNSAFE_FLAG = "--sun-misc-unsafe-memory-access=allow";

    private static final Logger LOG = System.getLogger(ArrowMemory.class.getName());
    private static final boolean DEBUG = Boolean.getBoolean("joust.memory.debug");

    private final RootAllocator root;
    private final Set<ArrowBufferSource> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param limitBytes all sources together hand out no more than this at a time
    /// @throws IllegalStateException if a flag that Arrow needs is missing
    public ArrowMemory(long limitBytes) {
        checkFlags();
        root = new RootAllocator(AllocationListener.NOOP, limitBytes, requestedBytes -> requestedBytes);
    }

    /// The session's memory, made when first asked for and closed with the session.
    public static ArrowMemory of(Session session) {
        return session.resource(ArrowMemory.class, owner -> new ArrowMemory(owner.batchMemoryBytes()));
    }

    private static void checkFlags() {
        if (!Buffer.class.getModule().isOpen("java.nio", MemoryUtil.class.getModule())) {
            throw missing(OPENS_FLAG);
        }
        // The JVM turns its flag into this property.
        String unsafe = System.getProperty("sun.misc.unsafe.memory.access", "");
        if (Runtime.version().feature() >= 24 && (unsafe.isEmpty() || unsafe.equals("deny"))) {
            throw missing(UNSAFE_FLAG);
        }
    }

    private static IllegalStateException missing(String flag) {
        return new IllegalStateException("Joust keeps its batches in Apache Arrow's memory, for which the JVM must be"
                + " started with " + flag + " (on the command line of java, or in the environment variable"
                + " JDK_JAVA_OPTIONS)");
    }

    @Override
    public BufferSource open() {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        ArrowBufferSource source = new ArrowBufferSource(this, DEBUG ? new Throwable("opened here") : null);
        open.add(source);
        return source;
    }

    void closed(ArrowBufferSource source) {
        open.remove(source);
    }

    /// Arrow's allocator behind all sources. A child of it given to {@link ArrowBatches#toArrow} spares the copy.
    public BufferAllocator allocator() {
        return root;
    }

    /// Bytes handed out and not released.
    public long allocatedBytes() {
        return root.getAllocatedMemory();
    }

    public long limitBytes() {
        return root.getLimit();
    }

    /// Never throws for batches still out: they stay valid until they are closed, and are logged.
    @Override
    public void close() {
        closed = true;
        if (root.getAllocatedMemory() == 0 && root.getChildAllocators().isEmpty()) {
            root.close();
            return;
        }
        LOG.log(
                Level.WARNING,
                "closed with {0} bytes of {1} batches still in use{2}",
                root.getAllocatedMemory(),
                open.size(),
                DEBUG ? "" : " (-Djoust.memory.debug=true tells where they came from)");
        for (ArrowBufferSource source : open) {
            if (source.openedAt() != null) {
                LOG.log(Level.WARNING, "batch still in use", source.openedAt());
            }
        }
    }
}
