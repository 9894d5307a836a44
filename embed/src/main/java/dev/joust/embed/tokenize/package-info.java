// SPDX-License-Identifier: Apache-2.0
/// Text to token ids as a `tokenizer.json` describes it, in pure Java. Start at
/// {@link dev.joust.embed.tokenize.TokenizerJson}; every stage of the file (normalizer, pre-tokenizer, model,
/// post-processor) is one type here, parsed by its `type`, and a type that is not known is refused by name.
@NullMarked
package dev.joust.embed.tokenize;

import org.jspecify.annotations.NullMarked;
