// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.joust.search.IndexRecall;

/// What an index finds by how long it takes, as text with bars, and drawn.
final class RecallChart {
    private static final int BAR_CHARS = 40;
    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 50;
    private static final int BOTTOM = 50;
    private static final List<String> COLORS = List.of("#2b6cb0", "#c05621");

    private RecallChart() {}

    /// A line for each way to search.
    static String text(IndexRecall recall) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s  %s %s: %d samples, %d nearest rows; an exact search takes %.3f ms%n",
                recall.index().name(), recall.index().type(), recall.metric(), recall.sampleCount(), recall.k(),
                recall.exactMillis()));
        text.append(String.format(Locale.ROOT, "%8s %6s %7s %8s %10s %10s%n", "nprobes", "ef", "refine", "recall", "mean ms", "p95 ms"));
        for (IndexRecall.Point point : recall.points()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%8d %6s %7s %8.4f %10.4f %10.4f  %s%n",
                    point.probes(), orDash(point.ef()), orDash(point.refine()), point.recall(), point.meanMillis(),
                    point.p95Millis(), "#".repeat((int) Math.round(BAR_CHARS * point.recall()))));
        }
        return text.toString();
    }

    private static String orDash(int value) {
        return value == 0 ? "-" : "" + value;
    }

    /// A line for each refine factor, recall by the logarithm of the time.
    static String svg(IndexRecall recall) {
        double first = bound(recall, true);
        double last = bound(recall, false);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                        + "<text x=\"%d\" y=\"24\" font-size=\"15\">%s: recall of %d nearest rows by time</text>%n",
                WIDTH, HEIGHT, LEFT, escaped(recall.index().name() + ", " + recall.index().type() + " " + recall.metric()),
                recall.k()));
        for (int tenth = 0; tenth <= 10; tenth += 2) {
            double y = y(tenth / 10.0);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>%n",
                    LEFT, y, WIDTH - RIGHT, y, LEFT - 6, y + 4, tenth / 10.0));
        }
        for (double exponent = first; exponent <= last; exponent++) {
            double x = x(exponent, first, last);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s ms</text>%n",
                    x, TOP, x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 18, power(exponent)));
        }
        List<Integer> refines =
                recall.points().stream().map(IndexRecall.Point::refine).distinct().toList();
        for (int i = 0; i < refines.size(); i++) {
            int refine = refines.get(i);
            String color = COLORS.get(i % COLORS.size());
            List<IndexRecall.Point> points =
                    recall.points().stream().filter(point -> point.refine() == refine).toList();
            svg.append("<polyline fill=\"none\" stroke=\"").append(color).append("\" points=\"");
            for (IndexRecall.Point point : points) {
                svg.append(String.format(
                        Locale.ROOT, "%.1f,%.1f ", x(Math.log10(point.meanMillis()), first, last), y(point.recall())));
            }
            svg.append("\"/>\n");
            for (IndexRecall.Point point : points) {
                double x = x(Math.log10(point.meanMillis()), first, last);
                String label = point.ef() > 0 ? "ef " + point.ef() : "" + point.probes();
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/><text x=\"%.1f\" y=\"%.1f\" font-size=\"10\">%s</text>%n",
                        x, y(point.recall()), color, x + 5, y(point.recall()) + 12, label));
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\" text-anchor=\"end\">%s</text>%n",
                    WIDTH - RIGHT, HEIGHT - BOTTOM - 8 - 16 * i, color, refine == 0 ? "as the index has it" : "refine " + refine));
        }
        return svg.append("</svg>\n").toString();
    }

    /// The power of ten at or below the shortest time, or at or above the longest.
    private static double bound(IndexRecall recall, boolean lower) {
        Stream<Double> exponents = recall.points().stream().map(point -> Math.log10(Math.max(1e-6, point.meanMillis())));
        double bound = lower
                ? Math.floor(exponents.min(Double::compare).orElse(-1.0))
                : Math.ceil(exponents.max(Double::compare).orElse(1.0));
        return bound;
    }

    private static String power(double exponent) {
        return exponent >= 0
                ? String.format(Locale.ROOT, "%.0f", Math.pow(10, exponent))
                : String.format(Locale.ROOT, "%." + (int) -exponent + "f", Math.pow(10, exponent));
    }

    private static double x(double exponent, double first, double last) {
        return LEFT + (exponent - first) / Math.max(1, last - first) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double recall) {
        return HEIGHT - BOTTOM - recall * (HEIGHT - TOP - BOTTOM);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
