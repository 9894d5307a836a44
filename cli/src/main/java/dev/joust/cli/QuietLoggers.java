// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import java.lang.System.Logger;
import java.text.MessageFormat;
import java.util.ResourceBundle;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Passes the library's messages on to slf4j, from warnings up; `-Djoust.log=INFO` (or DEBUG, TRACE) lowers that.
/// What nobody is to see never wakes slf4j: starting it takes longer than many a command. Found by the JDK as a service.
public final class QuietLoggers extends System.LoggerFinder {
    private static final Logger.Level LEAST = least();

    private static Logger.Level least() {
        return switch (System.getProperty("joust.log", "WARN")) {
            case "INFO" -> Logger.Level.INFO;
            case "DEBUG" -> Logger.Level.DEBUG;
            case "TRACE" -> Logger.Level.TRACE;
            default -> Logger.Level.WARNING;
        };
    }

    @Override
    public Logger getLogger(String name, Module module) {
        return new Quiet(name);
    }

    private record Quiet(String name) implements Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level != Level.OFF && level.getSeverity() >= LEAST.getSeverity();
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable failure) {
            if (!isLoggable(level)) {
                return;
            }
            org.slf4j.Logger target = LoggerFactory.getLogger(name);
            switch (level) {
                case ERROR -> target.error(message, failure);
                case WARNING -> target.warn(message, failure);
                case INFO -> target.info(message, failure);
                case DEBUG -> target.debug(message, failure);
                case ALL, TRACE -> target.trace(message, failure);
                case OFF -> {}
            }
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... parameters) {
            if (isLoggable(level)) {
                boolean plain = parameters == null || parameters.length == 0;
                log(level, bundle, plain ? format : MessageFormat.format(format, parameters), (Throwable) null);
            }
        }
    }
}
