// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.joust.io.internal.PrefixObjectStore;
import dev.joust.io.internal.StoreExamination;
import dev.joust.io.store.LocalObjectStore;
import dev.joust.io.store.MemoryObjectStore;

/// Finds the store for what a user typed: a path, `file:///path`, `memory://name`, or the scheme of an
/// {@link ObjectStoreProvider} on the class path.
public final class ObjectStores {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(//)?.*", Pattern.DOTALL);
    private static final String DURABILITY_OPTION = "durability";

    private ObjectStores() {}

    /// As {@link #open(String, Map)} without options.
    public static ObjectStore open(String uriOrPath) throws IOException {
        return open(uriOrPath, Map.of());
    }

    /// Opens the store whose root is `uriOrPath`. What has no scheme of at least two letters is a local path. Nothing
    /// is created before the first write.
    ///
    /// @param options of the store; the local one knows `durability` (`fsync`, the default, or `none`)
    public static ObjectStore open(String uriOrPath, Map<String, String> options) throws IOException {
        Optional<Path> folder = localFolder(uriOrPath);
        if (folder.isPresent()) {
            return openLocal(folder.get(), options);
        }
        String scheme = uriOrPath.substring(0, uriOrPath.indexOf(':')).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "memory" -> openMemory(uriOrPath, options);
            default -> provider(scheme, uriOrPath).open(uri(uriOrPath), options);
        };
    }

    /// Looks for what keeps the store at that root from working, step by step.
    ///
    /// @param mayWrite whether it may put small objects of its own below the root, which it removes
    public static List<StoreCheck> examine(String uriOrPath, Map<String, String> options, boolean mayWrite) throws IOException {
        if (localFolder(uriOrPath).isEmpty() && !uriOrPath.regionMatches(true, 0, "memory:", 0, 7)) {
            String scheme = uriOrPath.substring(0, uriOrPath.indexOf(':')).toLowerCase(Locale.ROOT);
            return provider(scheme, uriOrPath).examine(uri(uriOrPath), options, mayWrite);
        }
        try (ObjectStore store = open(uriOrPath, options)) {
            return mayWrite ? StoreExamination.of(store) : List.of();
        }
    }

    /// The folder that a path or `file:` URI names; empty for URIs of other schemes.
    public static Optional<Path> localFolder(String uriOrPath) {
        Matcher matcher = SCHEME.matcher(uriOrPath);
        if (!matcher.matches() || (matcher.group(2) == null && !matcher.group(1).equalsIgnoreCase("file"))) {
            return Optional.of(Path.of(uriOrPath));
        }
        return matcher.group(1).equalsIgnoreCase("file") ? Optional.of(localPath(uriOrPath)) : Optional.empty();
    }

    /// The root of a store as {@link #open(String)} takes it, and as tables name each other: a path where it is local.
    public static String nameOf(ObjectStore store) {
        String uri = store.root().toString();
        if ("file".equals(store.root().getScheme())) {
            return Path.of(store.root()).toString();
        }
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }

    /// The objects of `store` below the folder `prefix`, as a store of its own. Closing the view does nothing;
    /// requests are counted at `store`.
    public static ObjectStore below(ObjectStore store, ObjectPath prefix) {
        return prefix.equals(ObjectPath.ROOT) && store instanceof PrefixObjectStore
                ? store
                : new PrefixObjectStore(store, prefix);
    }

    private static ObjectStore openLocal(Path root, Map<String, String> options) {
        refuseUnknownOptions("local", options, DURABILITY_OPTION);
        String durability = options.getOrDefault(DURABILITY_OPTION, "fsync").toLowerCase(Locale.ROOT);
        return new LocalObjectStore(
                root,
                switch (durability) {
                    case "fsync" -> Durability.FSYNC;
                    case "none" -> Durability.NONE;
                    default -> throw new IllegalArgumentException("durability is fsync or none, not '" + durability + "'");
                });
    }

    private static ObjectStore openMemory(String text, Map<String, String> options) {
        refuseUnknownOptions("memory", options);
        String name = text.substring("memory://".length());
        int slash = name.indexOf('/');
        String folder = slash < 0 ? "" : name.substring(slash + 1);
        folder = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
        MemoryObjectStore store = MemoryObjectStore.named(slash < 0 ? name : name.substring(0, slash));
        return folder.isEmpty() ? store : below(store, ObjectPath.of(folder));
    }

    private static Path localPath(String text) {
        try {
            return Path.of(uri(text));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            // "file://" before a path that is no URI (spaces, a bare %): the path as it stands
            if (text.regionMatches(true, 0, "file:///", 0, 8)) {
                return Path.of(text.substring("file://".length()));
            }
            throw new IllegalArgumentException("not a file URI (file:///path): '" + text + "'", e);
        }
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a URI: '" + text + "': " + e.getReason(), e);
        }
    }

    private static ObjectStoreProvider provider(String scheme, String uri) {
        var known = new TreeSet<>(List.of("file", "memory"));
        for (ObjectStoreProvider provider : ServiceLoader.load(ObjectStoreProvider.class)) {
            if (provider.schemes().contains(scheme)) {
                return provider;
            }
            known.addAll(provider.schemes());
        }
        throw new IllegalArgumentException("no store for '" + uri + "': schemes here are " + known);
    }

    private static void refuseUnknownOptions(String store, Map<String, String> options, String... known) {
        var unknown = new TreeSet<>(options.keySet());
        List.of(known).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the " + store + " store has no option " + unknown);
        }
    }
}
