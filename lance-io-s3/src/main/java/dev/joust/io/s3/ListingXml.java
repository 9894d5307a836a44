// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The body of an answer to ListObjectsV2:
///
///     ListBucketResult
///       IsTruncated, NextContinuationToken
///       Contents         Key, LastModified, ETag, Size      for each object
///       CommonPrefixes   Prefix                             for each folder
///
/// Elements of other names are passed over. For one thread.
final class ListingXml {
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader reader;
    private final ListObjectsV2Response.Builder page = ListObjectsV2Response.builder();
    private final List<S3Object> objects = new ArrayList<>();
    private final List<CommonPrefix> prefixes = new ArrayList<>();

    private ListingXml(XMLStreamReader reader) {
        this.reader = reader;
    }

    /// @throws IOException if the body is no listing, or ends early
    static ListObjectsV2Response parse(InputStream body) throws IOException {
        try {
            return new ListingXml(FACTORY.createXMLStreamReader(body)).page();
        } catch (XMLStreamException | NumberFormatException | DateTimeException e) {
            throw new IOException("the answer is no listing", e);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    private ListObjectsV2Response page() throws XMLStreamException, IOException {
        if (reader.nextTag() != XMLStreamConstants.START_ELEMENT || !reader.getLocalName().equals("ListBucketResult")) {
            throw new IOException("the answer is no listing");
        }
        while (nextChild()) {
            switch (reader.getLocalName()) {
                case "IsTruncated" -> page.isTruncated(Boolean.parseBoolean(reader.getElementText().strip()));
                case "NextContinuationToken" -> page.nextContinuationToken(reader.getElementText());
                case "Contents" -> objects.add(object());
                case "CommonPrefixes" -> prefixes.add(prefix());
                default -> skip();
            }
        }
        return page.contents(objects).commonPrefixes(prefixes).build();
    }

    private S3Object object() throws XMLStreamException, IOException {
        S3Object.Builder object = S3Object.builder();
        while (nextChild()) {
            switch (reader.getLocalName()) {
                case "Key" -> object.key(reader.getElementText());
                case "LastModified" -> object.lastModified(Instant.parse(reader.getElementText().strip()));
                case "ETag" -> object.eTag(reader.getElementText());
                case "Size" -> object.size(Long.parseLong(reader.getElementText().strip()));
                default -> skip();
            }
        }
        S3Object built = object.build();
        if (built.key() == null || built.size() == null || built.lastModified() == null) {
            throw new IOException("the listing does not say how an object is called, how long it is, or since when");
        }
        return built;
    }

    private CommonPrefix prefix() throws XMLStreamException, IOException {
        CommonPrefix.Builder prefix = CommonPrefix.builder();
        while (nextChild()) {
            if (reader.getLocalName().equals("Prefix")) {
                prefix.prefix(reader.getElementText());
            } else {
                skip();
            }
        }
        CommonPrefix built = prefix.build();
        if (built.prefix() == null) {
            throw new IOException("the listing does not say how a folder is called");
        }
        return built;
    }

    /// @return false at the end of the element that the reader is in
    private boolean nextChild() throws XMLStreamException {
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                default -> {}
            }
        }
    }

    private void skip() throws XMLStreamException {
        while (nextChild()) {
            skip();
        }
    }
}
