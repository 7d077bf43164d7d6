<!doctype html>
<html <?php language_attributes(); ?>>
<head>
	<meta charset="<?php bloginfo( 'charset' ); ?>">
	<meta name="viewport" content="width=device-width, initial-scale=1">
	<?php wp_head(); ?>
</head>
<body <?php body_class(); ?>>
<header>
	<p><a href="<?php echo esc_url( home_url( '/' ) ); ?>"><?php bloginfo( 'name' ); ?></a> <?php bloginfo( 'description' ); ?></p>
	<nav><ul><?php wp_list_pages( array( 'title_li' => '', 'depth' => 1 ) ); ?></ul></nav>
</header>
<main>
