// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

import java.util.List;

/// What the levels of one page mean: which definition level says what of which layer (spec: file format 3.1).
/// Layers are counted from the leaf, which is 0. Immutable.
///
/// A layer owns the definition levels above its {@link #base}. An entry whose level is at most the base is valid there
/// and has something inside; one above {@link #cap} has no slot there, because a list further out is null or empty;
/// in between the layer, or a struct around it, is null, unless the level is the layer's {@link #emptyLevel}.
public final class PageLevels {
    private final List<RepDefLayer> layers;
    private final boolean[] repeated;
    private final int[] bases;
    private final int[] caps;
    private final int[] listsInside;
    private final int maxDefinition;
    private final int maxVisible;
    private final int maxRepetition;

    /// @param layers leaf first, as pages list them
    public PageLevels(List<RepDefLayer> layers) {
        this(layers, new boolean[layers.size()]);
    }

    /// @param layers   leaf first
    /// @param repeated item layers that repetition levels count as they do lists: fixed-size lists of structs, whose
    ///     items otherwise are told apart by their number alone
    public PageLevels(List<RepDefLayer> layers, boolean[] repeated) {
        this.layers = List.copyOf(layers);
        this.repeated = repeated.clone();
        bases = new int[layers.size()];
        caps = new int[layers.size()];
        listsInside = new int[layers.size()];
        int levels = 0;
        int lists = 0;
        for (int i = 0; i < layers.size(); i++) {
            bases[i] = levels;
            listsInside[i] = lists;
            levels += layers.get(i).levelCount();
            lists += layers.get(i).isList() || repeated[i] ? 1 : 0;
        }
        int cap = levels;
        for (int i = layers.size() - 1; i >= 0; i--) {
            caps[i] = cap;
            cap = layers.get(i).isList() ? bases[i] : cap;
        }
        maxDefinition = levels;
        maxVisible = cap;
        maxRepetition = lists;
    }

    /// Leaf first.
    public List<RepDefLayer> layers() {
        return layers;
    }

    /// The highest definition level; 0 where nothing can be null or empty.
    public int maxDefinition() {
        return maxDefinition;
    }

    /// Entries with a definition level up to this have a slot among the values; the others are null or empty lists.
    public int maxVisible() {
        return maxVisible;
    }

    /// Number of list layers, and of others that repetition levels count: the repetition level that starts a row.
    public int maxRepetition() {
        return maxRepetition;
    }

    /// The highest definition level that is owned by layers inside this one.
    public int base(int layer) {
        return bases[layer];
    }

    /// The highest definition level with which an entry has a slot in this layer.
    public int cap(int layer) {
        return caps[layer];
    }

    /// The definition level that says that this list is empty; -1 if none does.
    public int emptyLevel(int layer) {
        return layers.get(layer).isEmptyable() ? bases[layer] + layers.get(layer).levelCount() : -1;
    }

    /// Whether repetition levels tell where a slot of this layer ends, although it is no list.
    public boolean isRepeated(int layer) {
        return repeated[layer];
    }

    /// Whether repetition levels tell that of any layer.
    public boolean hasRepeated() {
        for (boolean layer : repeated) {
            if (layer) {
                return true;
            }
        }
        return false;
    }

    /// List layers inside this one: entries with a lower repetition level go on inside it.
    public int listsInside(int layer) {
        return listsInside[layer];
    }
}
