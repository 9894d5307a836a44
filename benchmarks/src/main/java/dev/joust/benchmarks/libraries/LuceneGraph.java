// SPDX-License-Identifier: Apache-2.0
package dev.joust.benchmarks.libraries;

import java.io.IOException;
import java.nio.file.Path;

import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene103.Lucene103Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/// Lucene's graph over float32 vectors in one segment, without its query classes around it. It stays in its folder.
final class LuceneGraph implements GraphSearch {
    private static final String FIELD = "vector";
    /// So much that all rows become one segment.
    private static final double BUFFER_MIB = 1900;

    private final Directory directory;
    private final DirectoryReader reader;
    private final LeafReader segment;
    private final AcceptDocs all;

    LuceneGraph(Path folder, float[][] rows) throws IOException {
        directory = new MMapDirectory(folder);
        if (!DirectoryReader.indexExists(directory)) {
            build(directory, rows);
        }
        reader = DirectoryReader.open(directory);
        if (reader.leaves().size() != 1) {
            throw new IllegalStateException(reader.leaves().size() + " segments");
        }
        segment = reader.leaves().getFirst().reader();
        all = AcceptDocs.fromLiveDocs(null, segment.maxDoc());
    }

    private static void build(Directory directory, float[][] rows) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig()
                .setOpenMode(IndexWriterConfig.OpenMode.CREATE)
                .setRAMBufferSizeMB(BUFFER_MIB)
                .setUseCompoundFile(false)
                .setMergePolicy(NoMergePolicy.INSTANCE)
                .setCodec(new Lucene103Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return new Lucene99HnswVectorsFormat(NEIGHBORS, BUILD_WIDTH);
                    }
                });
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (float[] row : rows) {
                Document document = new Document();
                document.add(new KnnFloatVectorField(FIELD, row, VectorSimilarityFunction.EUCLIDEAN));
                writer.addDocument(document);
            }
        }
    }

    @Override
    public int[] search(float[] query, int k, int width) throws IOException {
        ScoreDoc[] found = segment.searchNearestVectors(FIELD, query, width, all, Integer.MAX_VALUE).scoreDocs;
        int[] nearest = new int[Math.min(k, found.length)];
        for (int i = 0; i < nearest.length; i++) {
            nearest[i] = found[i].doc;
        }
        return nearest;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
