// SPDX-License-Identifier: Apache-2.0
package dev.joust.http;

/// How a server is reached and what it refuses.
///
/// @param host           address to listen at
/// @param port           0 picks a free one
/// @param readOnly       whether storing and deleting are refused
/// @param maxBodyBytes   longest request body, and longest picture of an upload of many
/// @param maxUploadBytes longest upload of many pictures
public record ServerOptions(String host, int port, boolean readOnly, int maxBodyBytes, long maxUploadBytes) {
    /// This machine alone.
    public static final String LOOPBACK = "127.0.0.1";

    private static final int DEFAULT_MAX_BODY_BYTES = 32 << 20;
    private static final long DEFAULT_MAX_UPLOAD_BYTES = 4L << 30;

    public ServerOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port);
        }
        if (maxBodyBytes < 1 || maxUploadBytes < 1) {
            throw new IllegalArgumentException("body limits " + maxBodyBytes + ", " + maxUploadBytes);
        }
    }

    /// Reached from this machine alone.
    public static ServerOptions onPort(int port) {
        return new ServerOptions(LOOPBACK, port, false, DEFAULT_MAX_BODY_BYTES, DEFAULT_MAX_UPLOAD_BYTES);
    }

    public ServerOptions withHost(String newHost) {
        return new ServerOptions(newHost, port, readOnly, maxBodyBytes, maxUploadBytes);
    }

    public ServerOptions withReadOnly(boolean newReadOnly) {
        return new ServerOptions(host, port, newReadOnly, maxBodyBytes, maxUploadBytes);
    }

    public ServerOptions withMaxBodyBytes(int newMaxBodyBytes) {
        return new ServerOptions(host, port, readOnly, newMaxBodyBytes, maxUploadBytes);
    }

    public ServerOptions withMaxUploadBytes(long newMaxUploadBytes) {
        return new ServerOptions(host, port, readOnly, maxBodyBytes, newMaxUploadBytes);
    }
}
