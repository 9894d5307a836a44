// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.tokenize;

/// One text as a model takes it; the arrays have one length and belong to whoever asked for them.
///
/// @param ids           token ids
/// @param attentionMask 1 for a token, 0 for what only fills up
/// @param typeIds       which text of a pair a token belongs to: 0, unless the file says otherwise
public record Encoding(int[] ids, int[] attentionMask, int[] typeIds) {}
