// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.util.concurrent.Executors;

import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

import dev.joust.http.handler.BodyReader;
import dev.joust.http.request.UploadLimits;
import dev.joust.pictures.PictureLibrary;

/// The search server over one picture library. Running from {@link #start} to {@link #close}, which lets requests in
/// progress end. The library stays the caller's, to be closed after the server. Thread-safe.
public final class JoustServer implements AutoCloseable {
    private static final int IDLE_TIMEOUT_MS = 30_000;
    private static final int STOP_TIMEOUT_MS = 10_000;
    private static final int MAX_THREADS = 32;
    private static final int MAX_UPLOAD_PICTURES = 10_000;

    private final Server server;
    private final ServerConnector connector;

    private JoustServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /// Starts listening.
    ///
    /// @throws BindException if the port is taken or the address is none of this machine's
    public static JoustServer start(PictureLibrary library, ServerOptions options) throws IOException {
        // Few platform threads watch sockets; every request runs on a virtual thread of its own
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("joust-http");
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE_TIMEOUT_MS);
        server.addConnector(connector);
        UploadLimits uploadLimits = new UploadLimits(
                options.maxBodyBytes(), options.maxUploadBytes(), options.maxUploadBytes(), MAX_UPLOAD_PICTURES);
        BodyReader bodies = new BodyReader(options.maxBodyBytes(), bodiesAtOnce(options.maxBodyBytes()), uploadLimits);
        server.setHandler(new GracefulHandler(new Dispatcher(Routes.table(library, options.readOnly()), bodies)));
        server.setErrorHandler(new Errors.JettyErrors());
        server.setStopTimeout(STOP_TIMEOUT_MS);
        JoustServer started = new JoustServer(server, connector);
        try {
            server.start();
        } catch (Exception e) {
            started.close();
            if (bindFailure(e) instanceof BindException taken) {
                throw taken;
            }
            throw e instanceof IOException io ? io : new IOException("the server does not start", e);
        }
        return started;
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        configuration.setUriCompliance(UriCompliance.DEFAULT);
        return configuration;
    }

    /// A body is in memory about three times while its picture is decoded; at most half the heap goes to that.
    private static int bodiesAtOnce(int maxBodyBytes) {
        long bodies = Runtime.getRuntime().maxMemory() / 2 / 3 / maxBodyBytes;
        return Math.clamp(bodies, 2, 64);
    }

    private static Throwable bindFailure(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof BindException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /// The port listened at.
    public int port() {
        return connector.getLocalPort();
    }

    /// Where the page is, for a browser on this machine.
    public URI uri() {
        String host = connector.getHost();
        boolean everywhere = host == null || host.equals("0.0.0.0") || host.equals("::");
        String shown = everywhere || host.equals(ServerOptions.LOOPBACK) ? "localhost" : host;
        return URI.create("http://" + (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port() + "/");
    }

    /// Waits until the server has stopped.
    public void join() throws InterruptedException {
        server.join();
    }

    /// Takes no more requests, lets those in progress end (for at most 10 seconds), and stops.
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server does not stop", e);
        }
    }
}
