<section>
	<h2><?php echo (int) get_comments_number(); ?> comments</h2>
	<ol><?php wp_list_comments( array( 'style' => 'ol' ) ); ?></ol>
</section>
