// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;

/// Listings, a page per request. Keys that are no paths (`a//b`, a folder's own `a/`) are none of ours: left out.
/// Thread-safe.
record S3Listing(S3Connection connection, S3Address address) {
    private static final Logger LOG = System.getLogger(S3Listing.class.getName());
    private static final int PAGE_KEYS = 1000;
    /// Enough to see what comes first, and a fraction of a whole page.
    private static final int FIRST_KEYS = 32;

    List<ObjectMeta> list(ObjectPath folder) throws IOException {
        List<ObjectMeta> found = new ArrayList<>();
        String continuation = null;
        do {
            ListingPage page = page(folder, null, PAGE_KEYS, continuation);
            page.objects().forEach(object -> meta(object).ifPresent(found::add));
            continuation = next(folder, page, continuation);
        } while (continuation != null);
        if (!isInOrder()) {
            found.sort(Comparator.comparing(ObjectMeta::path));
        }
        return found;
    }

    List<String> names(ObjectPath folder) throws IOException {
        TreeSet<String> names = new TreeSet<>(ObjectPath::compareNames);
        String continuation = null;
        do {
            ListingPage page = page(folder, "/", PAGE_KEYS, continuation);
            addNames(folder, page, names);
            continuation = next(folder, page, continuation);
        } while (continuation != null);
        return List.copyOf(names);
    }

    /// One request.
    Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        int start = address.folderPrefix(folder).length();
        return page(folder, "/", isInOrder() ? FIRST_KEYS : PAGE_KEYS, null).objects().stream()
                .filter(object -> object.key().length() > start && wanted.test(object.key().substring(start)))
                .flatMap(object -> meta(object).stream())
                .min(Comparator.comparing(ObjectMeta::path));
    }

    boolean isInOrder() {
        return !address.isDirectoryBucket() && !connection.options().express();
    }

    private void addNames(ObjectPath folder, ListingPage page, TreeSet<String> names) {
        int start = address.folderPrefix(folder).length();
        page.objects().forEach(object -> names.add(object.key().substring(start)));
        page.prefixes().forEach(prefix -> names.add(prefix.substring(start, prefix.length() - 1)));
        names.remove("");
    }

    private Optional<ObjectMeta> meta(ListingPage.Listed object) {
        String key = object.key();
        if (key.endsWith("/")) {
            return Optional.empty();
        }
        try {
            ObjectPath path = ObjectPath.of(address.relative(key));
            return Optional.of(new ObjectMeta(path, object.sizeBytes(), object.lastModified(), object.eTag()));
        } catch (IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "left out of a listing: {0}", key);
            return Optional.empty();
        }
    }

    /// Where the next page starts; null after the last one.
    private @Nullable String next(ObjectPath folder, ListingPage page, @Nullable String before) throws IOException {
        String next = page.isTruncated() ? page.nextContinuation() : null;
        if (page.isTruncated() && (next == null || next.equals(before))) {
            throw new IOException(address.describe(folder) + ": list: the service says that there is more, but not where");
        }
        return next;
    }

    private ListingPage page(
            ObjectPath folder, @Nullable String delimiter, int keys, @Nullable String continuation) throws IOException {
        return connection.retries().call("list", address.describe(folder), folder.value(), () -> {
            connection.counters().list();
            return connection.reads().list(new ReadRequests.ListRequest(
                    address.bucket(),
                    address.folderPrefix(folder),
                    delimiter,
                    keys == PAGE_KEYS ? null : keys,
                    continuation));
        });
    }
}
