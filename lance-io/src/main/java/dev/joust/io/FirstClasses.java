// SPDX-License-Identifier: Apache-2.0
package dev.joust.io;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Loads the classes that a first search needs on a thread of its own, while the caller begins with it: half of what a first
/// search takes of its thread is the loading of classes. Nothing is initialized, so nothing can happen earlier than it would, and
/// no thread waits for another's initializer. What cannot be loaded is left to whoever needs it. `-Djoust.classes.ahead=false`
/// turns it off. Thread-safe.
public final class FirstClasses {
    private static final String PROPERTY = "joust.classes.ahead";
    private static final Set<String> BEGUN = ConcurrentHashMap.newKeySet();

    private FirstClasses() {}

    /// Begins, the first time that it is asked for that list.
    ///
    /// @param beside   a class whose loader knows all of the list
    /// @param resource of that loader: names of classes, a line each, in the order in which they are needed
    public static void load(Class<?> beside, String resource) {
        if (Runtime.getRuntime().availableProcessors() == 1
                || "false".equals(System.getProperty(PROPERTY))
                || !BEGUN.add(resource)) {
            return;
        }
        ClassLoader loader = beside.getClassLoader();
        Thread thread = new Thread(() -> loadAll(loader, resource), "joust-first-classes");
        thread.setDaemon(true);
        thread.start();
    }

    static void loadAll(ClassLoader loader, String resource) {
        try (InputStream list = loader.getResourceAsStream(resource)) {
            if (list == null) {
                return;
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8));
            for (String name = lines.readLine(); name != null; name = lines.readLine()) {
                load(loader, name);
            }
        } catch (IOException e) {
            // a damaged jar: whoever needs a class of it is told
            return;
        }
    }

    @SuppressWarnings("ReturnValueIgnored") // asking for constructors has the class verified and linked
    private static void load(ClassLoader loader, String name) {
        try {
            Class.forName(name, false, loader).getDeclaredConstructors();
        } catch (ClassNotFoundException | LinkageError e) {
            // another version of a library, or one that is left out
            return;
        }
    }
}
