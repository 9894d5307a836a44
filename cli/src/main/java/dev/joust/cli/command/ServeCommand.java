// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.io.IOException;
import java.io.Reader;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.joust.embed.ClipModel;
import dev.joust.http.JoustServer;
import dev.joust.http.ServerOptions;
import dev.joust.pictures.LibraryCleanup;
import dev.joust.pictures.PictureLibrary;

/// `serve`: the picture search server, until it is told to stop.
@Command(
        name = "serve",
        description = "Serve picture search over HTTP, with a page at /.",
        footer = {"", "Example: joust serve --data photos --port 8080"})
final class ServeCommand extends BaseCommand {
    private static final Set<String> SETTINGS = new TreeSet<>(Set.of(
            "data", "host", "model", "variant", "model-threads", "port", "read-only", "purge-after", "keep-versions"));
    private static final String DEFAULT_DATA = "./joust-data";
    private static final int DEFAULT_PORT = 8080;

    @Option(names = "--port", paramLabel = "N", description = "Port to listen at, 0 for a free one. Default: 8080.")
    private @Nullable Integer port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen at; 0.0.0.0 is every one of this machine. Default: 127.0.0.1, this machine alone.")
    private @Nullable String host;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the pictures and their table, s3://BUCKET/PREFIX or memory://. Default: ./joust-data.")
    private @Nullable String data;

    @Mixin
    private final Models models = new Models();

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, a name=value per line: data host model variant model-threads port read-only purge-after keep-versions. Options win over it.")
    private @Nullable Path config;

    @Option(names = "--print-config", description = "Print the settings in force and stop.")
    private boolean printConfig;

    @Option(names = "--read-only", description = "Refuse storing and deleting.")
    private boolean readOnly;

    @Option(names = "--purge-after", paramLabel = "AGE", description = "Let pictures go for good that were deleted longer ago, 30d for example; looked at once a day. Default: they stay.")
    private @Nullable String purgeAfter;

    @Option(names = "--keep-versions", paramLabel = "AGE", description = "Delete versions of the table that are older, but for tagged ones, and what was left by commands that were killed; once a day. Default: they stay.")
    private @Nullable String keepVersions;

    @Mixin
    private final FurtherModels furtherModels = new FurtherModels();

    ServeCommand(Context context) {
        super(context);
    }

    @Override
    int run(Resources resources) throws IOException {
        readConfig();
        String dataUri = data == null ? DEFAULT_DATA : data;
        ServerOptions options = options();
        LibraryCleanup cleanup = LibraryCleanup.LEFTOVERS
                .withDeletedOlderThan(Ages.parseIfGiven("--purge-after", purgeAfter))
                .withVersionsOlderThan(Ages.parseIfGiven("--keep-versions", keepVersions));
        if (printConfig) {
            print(dataUri, options);
            return 0;
        }
        try (ClipModel clip = models.open();
                FurtherModels.Opened further = furtherModels.open();
                PictureLibrary library = PictureOptions.open(resources, dataUri, clip, further);
                JoustServer server = start(library, options)) {
            if (!readOnly) {
                library.maintain();
            }
            context.out().println("Joust serves " + dataUri + " at " + server.uri());
            context.out().flush();
            boolean isCleaned = !readOnly && !cleanup.equals(LibraryCleanup.LEFTOVERS);
            DailyCleanup daily = new DailyCleanup(library, cleanup);
            try (daily) {
                if (isCleaned) {
                    daily.start();
                }
                waitForEnd(server);
            }
        }
        return 0;
    }

    private ServerOptions options() {
        int chosenPort = port == null ? DEFAULT_PORT : port;
        if (chosenPort < 0 || chosenPort > 65535) {
            throw new UsageException("--port " + chosenPort + ": 0 to 65535");
        }
        ServerOptions options = ServerOptions.onPort(chosenPort).withReadOnly(readOnly);
        return host == null ? options : options.withHost(host);
    }

    private static JoustServer start(PictureLibrary library, ServerOptions options) throws IOException {
        try {
            return JoustServer.start(library, options);
        } catch (BindException e) {
            throw new EnvironmentException("port " + options.port() + " of " + options.host()
                    + " is in use or not ours; choose another with --port");
        }
    }

    /// Until a signal ends the process: the hook stops the server, and the main thread closes the rest before the
    /// hook returns and the process may go.
    private static void waitForEnd(JoustServer server) {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            stopped.countDown();
            try {
                main.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readConfig() throws IOException {
        if (config == null) {
            return;
        }
        Properties settings = new Properties();
        try (Reader in = Files.newBufferedReader(config, StandardCharsets.UTF_8)) {
            settings.load(in);
        }
        for (String name : settings.stringPropertyNames()) {
            if (!SETTINGS.contains(name)) {
                throw new UsageException(config + ": no setting '" + name + "'; there are " + String.join(" ", SETTINGS));
            }
        }
        data = data == null ? settings.getProperty("data") : data;
        host = host == null ? settings.getProperty("host") : host;
        purgeAfter = purgeAfter == null ? given(settings, "purge-after") : purgeAfter;
        keepVersions = keepVersions == null ? given(settings, "keep-versions") : keepVersions;
        readOnly |= Boolean.parseBoolean(settings.getProperty("read-only", "false"));
        models.fill(settings.getProperty("model"), settings.getProperty("variant"), number(settings, "model-threads"));
        if (port == null) {
            port = number(settings, "port");
        }
    }

    /// Null where it is not there or empty, as it is printed.
    private static @Nullable String given(Properties settings, String name) {
        String text = settings.getProperty(name, "").strip();
        return text.isEmpty() ? null : text;
    }

    private static @Nullable Integer number(Properties settings, String name) {
        String text = settings.getProperty(name);
        if (text == null) {
            return null;
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new UsageException(name + " '" + text + "' is no number");
        }
    }

    private void print(String dataUri, ServerOptions options) {
        context.out().println("data=" + dataUri);
        context.out().println("host=" + options.host());
        context.out().println("model=" + models.name());
        context.out().println("variant=" + models.variant());
        context.out().println("model-threads=" + models.threadCount());
        context.out().println("port=" + options.port());
        context.out().println("read-only=" + options.readOnly());
        context.out().println("purge-after=" + (purgeAfter == null ? "" : purgeAfter));
        context.out().println("keep-versions=" + (keepVersions == null ? "" : keepVersions));
    }
}
