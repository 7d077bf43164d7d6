</main>
<footer><?php echo wp_kses_post( wpautop( get_option( 'peer_disclaimer' ) ) ); ?></footer>
<?php wp_footer(); ?>
<!-- <?php echo (int) get_num_queries(); ?> queries -->
</body>
</html>
