// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.file;

import dev.joust.format.internal.bytes.Bytes;

/// An encoding descriptor as a file holds it: a message's type and its bytes (spec: file format 1.5).
///
/// @param typeName what follows the last `/` of the type URL, such as `lance.encodings21.PageLayout`
/// @param bytes    the serialized message
public record EncodedMessage(String typeName, Bytes bytes) {}
