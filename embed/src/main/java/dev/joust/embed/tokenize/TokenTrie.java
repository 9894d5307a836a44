// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

import java.util.Arrays;

/// Strings and a number for each, found from any place of a text character by character: a trie whose edges lie in
/// one hash table. Immutable once built, and then thread-safe.
final class TokenTrie {
    /// Where every search starts.
    static final int ROOT = 0;
    static final int NONE = -1;

    private static final long NO_EDGE = -1;

    /// Open addressing: `node << 16 | character` to the node that the edge leads to.
    private long[] edges = new long[1 << 10];
    private int[] targets = new int[1 << 10];
    /// Per node the value of the string that ends there, or NONE.
    private int[] values = new int[1 << 9];
    private int nodeCount = 1;

    TokenTrie() {
        Arrays.fill(edges, NO_EDGE);
        Arrays.fill(values, NONE);
    }

    /// A string given twice keeps the later value.
    void put(String text, int value) {
        int node = ROOT;
        for (int i = 0; i < text.length(); i++) {
            int next = next(node, text.charAt(i));
            node = next == NONE ? addEdge(node, text.charAt(i)) : next;
        }
        values[node] = value;
    }

    /// The node after one more character, or NONE.
    int next(int node, char character) {
        long edge = edge(node, character);
        for (int slot = slot(edge); edges[slot] != NO_EDGE; slot = slot + 1 & edges.length - 1) {
            if (edges[slot] == edge) {
                return targets[slot];
            }
        }
        return NONE;
    }

    /// The node at the end of `text`, or NONE.
    int walk(String text) {
        int node = ROOT;
        for (int i = 0; i < text.length() && node != NONE; i++) {
            node = next(node, text.charAt(i));
        }
        return node;
    }

    /// The value of the string that ends at that node, or NONE.
    int value(int node) {
        return values[node];
    }

    private int addEdge(int node, char character) {
        if (nodeCount * 2 > edges.length) {
            long[] oldEdges = edges;
            int[] oldTargets = targets;
            edges = new long[oldEdges.length * 2];
            targets = new int[oldEdges.length * 2];
            Arrays.fill(edges, NO_EDGE);
            for (int i = 0; i < oldEdges.length; i++) {
                if (oldEdges[i] != NO_EDGE) {
                    insert(oldEdges[i], oldTargets[i]);
                }
            }
        }
        if (nodeCount == values.length) {
            values = Arrays.copyOf(values, nodeCount * 2);
            Arrays.fill(values, nodeCount, values.length, NONE);
        }
        insert(edge(node, character), nodeCount);
        return nodeCount++;
    }

    private void insert(long edge, int target) {
        int slot = slot(edge);
        while (edges[slot] != NO_EDGE) {
            slot = slot + 1 & edges.length - 1;
        }
        edges[slot] = edge;
        targets[slot] = target;
    }

    private static long edge(int node, char character) {
        return (long) node << 16 | character;
    }

    private int slot(long edge) {
        long mixed = edge * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) & edges.length - 1;
    }
}
